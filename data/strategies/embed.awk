# Makes C of the seeded strategies: awk -f embed.awk data/strategies/*.conf > strategy_seeds.c
# A file is one strategy: "key = value" lines; # begins a comment line.
function quoted(text) { gsub(/\\/, "\\\\", text); gsub(/"/, "\\\"", text); return "\"" text "\"" }
function finish(    i) {
	if (!("name" in value)) { print FILENAME ": no name" > "/dev/stderr"; bad = 1; return }
	printf "\t{\n"
	for (i = 1; i <= keys; i++)
		printf "\t\t.%s = %s,\n", key[i], quoted(value[key[i]])
	printf "\t},\n"
}
BEGIN {
	keys = split("name description config bias risk_percent max_drawdown_percent " \
	             "stop_loss_percent max_position_percent", key, " ")
	for (i = 1; i <= keys; i++) known[key[i]] = 1
	print "/* Made from data/strategies by embed.awk: edit those. */"
	print "#include \"store/schema.h\"\n"
	print "const struct strategy_seed strategy_seeds[] = {"
}
FNR == 1 { if (files++) finish(); split("", value) }
/^[ \t]*(#|$)/ { next }
{
	at = index($0, "=")
	name = substr($0, 1, at - 1); text = substr($0, at + 1)
	gsub(/^[ \t]+|[ \t]+$/, "", name); gsub(/^[ \t]+|[ \t]+$/, "", text)
	if (!at || !(name in known)) { print FILENAME ": " $0 > "/dev/stderr"; bad = 1 }
	value[name] = text
}
END {
	finish()
	print "};\nconst size_t strategy_seed_count = sizeof(strategy_seeds) / sizeof(strategy_seeds[0]);"
	exit bad
}
