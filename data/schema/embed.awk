# Makes C of the migrations: awk -f embed.awk data/schema/NNNN_name.sql... > migrations.c
# Line by line, since a C compiler need not take a string literal of more than 4095 characters.
BEGIN {
	print "/* Made from data/schema by embed.awk: edit those. */"
	print "#include \"store/schema.h\""
}
FNR == 1 {
	if (files++) print "\tNULL\n};"
	name = FILENAME; sub(/.*\//, "", name); sub(/\.sql$/, "", name)
	if (name !~ /^[0-9][0-9][0-9][0-9]_/ || substr(name, 1, 4) + 0 != files) {
		print FILENAME ": migrations are numbered 0001_, 0002_, ..." > "/dev/stderr"
		exit bad = 1
	}
	title[files] = substr(name, 6)
	printf "\nstatic const char *const lines_%d[] = {\n", files
}
{
	line = $0
	gsub(/\\/, "\\\\", line); gsub(/"/, "\\\"", line); gsub(/\t/, "\\t", line)
	printf "\t\"%s\\n\",\n", line
}
END {
	if (bad) exit 1
	print "\tNULL\n};\n\nconst struct migration schema_migrations[] = {"
	for (i = 1; i <= files; i++)
		printf "\t{ %d, \"%s\", lines_%d },\n", i, title[i], i
	print "};\nconst size_t schema_migration_count = sizeof(schema_migrations) / sizeof(schema_migrations[0]);"
}
