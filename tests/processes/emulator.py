"""What a terminal would show: the part of an xterm that curses uses, cell by cell, without colours.

    screen = Emulator(24, 80)
    screen.feed(bytes)
    screen.text()            # the rows, joined
"""
import re

SEQUENCE = re.compile(r"\x1b\[([?>]?)([0-9;]*)([@-~])|\x1b[()#][0-9A-Za-z]|\x1b([78=>DEMHc])")


class Emulator:
    def __init__(self, rows, cols):
        self.rows, self.cols = rows, cols
        self.clear()
        self.pending = b""
        self.is_alternate = False
        self.sent = ""                   # what came last, raw

    def clear(self):
        self.cells = [[" "] * self.cols for _ in range(self.rows)]
        self.row = self.col = 0
        self.top, self.bottom = 0, self.rows - 1
        self.saved = (0, 0)

    def text(self):
        return "\n".join("".join(row).rstrip() for row in self.cells)

    def line(self, number):
        return "".join(self.cells[number]).rstrip()

    def feed(self, data):
        data = self.pending + data
        # What is cut in the middle, of a sequence or of a character, waits for its rest.
        end = len(data)
        escape = data.rfind(b"\x1b")
        if escape >= 0 and len(data) - escape < 32:
            tail = data[escape:].decode("utf-8", "replace")
            if not SEQUENCE.match(tail):
                end = escape
        while 0 < end == len(data) and end > 0 and data[end - 1] >= 0x80:
            for back in range(1, min(4, end) + 1):
                if data[end - back] >= 0xc0:
                    wanted = 2 if data[end - back] < 0xe0 else 3 if data[end - back] < 0xf0 else 4
                    if wanted > back:
                        end -= back
                    break
            break
        self.pending = data[end:]
        text = data[:end].decode("utf-8", "replace")
        self.sent = (self.sent + text)[-65536:]
        at = 0
        while at < len(text):
            char = text[at]
            if char == "\x1b":
                found = SEQUENCE.match(text, at)
                if found is None:
                    at += 1
                    continue
                at = found.end()
                if found.group(3):
                    self.control(found.group(1), found.group(2), found.group(3))
                elif found.group(4):
                    self.escape(found.group(4))
                continue
            at += 1
            if char == "\r":
                self.col = 0
            elif char == "\n":
                self.down()
            elif char == "\b":
                self.col = max(0, self.col - 1)
            elif char == "\t":
                self.col = min(self.cols - 1, self.col // 8 * 8 + 8)
            elif char >= " ":
                self.put(char)

    def put(self, char):
        if self.col >= self.cols:
            self.col = 0
            self.down()
        self.cells[self.row][self.col] = char
        self.col += 1

    def down(self):
        if self.row == self.bottom:
            self.scroll(1)
        elif self.row < self.rows - 1:
            self.row += 1

    def scroll(self, lines):
        for _ in range(abs(lines)):
            if lines > 0:
                del self.cells[self.top]
                self.cells.insert(self.bottom, [" "] * self.cols)
            else:
                del self.cells[self.bottom]
                self.cells.insert(self.top, [" "] * self.cols)

    def escape(self, kind):
        if kind == "c":
            self.clear()
        elif kind == "7":
            self.saved = (self.row, self.col)
        elif kind == "8":
            self.row, self.col = self.saved
        elif kind in "DE":
            self.down()
        elif kind == "M":
            if self.row == self.top:
                self.scroll(-1)
            else:
                self.row = max(0, self.row - 1)

    def erase(self, row, start, end):
        self.cells[row][start:end] = [" "] * (end - start)

    def control(self, private, arguments, kind):
        numbers = [int(n) if n else 0 for n in arguments.split(";")] if arguments else []
        first = numbers[0] if numbers else 0
        count = max(1, first)
        self.col = min(self.col, self.cols - 1) if kind not in "mhl" else self.col
        if private:
            if kind in "hl" and 1049 in numbers:
                self.is_alternate = kind == "h"
                self.clear()
            return
        if kind in "Hf":
            self.row = min(self.rows, count) - 1
            self.col = min(self.cols, max(1, numbers[1] if len(numbers) > 1 else 1)) - 1
        elif kind == "A":
            self.row = max(0, self.row - count)
        elif kind == "B":
            self.row = min(self.rows - 1, self.row + count)
        elif kind == "C":
            self.col = min(self.cols - 1, self.col + count)
        elif kind == "D":
            self.col = max(0, self.col - count)
        elif kind in "G`":
            self.col = min(self.cols, count) - 1
        elif kind == "d":
            self.row = min(self.rows, count) - 1
        elif kind == "J":
            if first in (0, 2):
                self.erase(self.row, 0 if first else self.col, self.cols)
                for row in range(self.rows):
                    if row > self.row or (first == 2 and row < self.row):
                        self.erase(row, 0, self.cols)
            else:
                self.erase(self.row, 0, self.col + 1)
                for row in range(self.row):
                    self.erase(row, 0, self.cols)
        elif kind == "K":
            start, end = (self.col, self.cols) if first == 0 else (0, self.col + 1) if first == 1 \
                else (0, self.cols)
            self.erase(self.row, start, end)
        elif kind == "X":
            self.erase(self.row, self.col, min(self.cols, self.col + count))
        elif kind == "@":
            cells = self.cells[self.row]
            cells[self.col:self.col] = [" "] * count
            del cells[self.cols:]
        elif kind == "P":
            cells = self.cells[self.row]
            del cells[self.col:self.col + count]
            cells += [" "] * (self.cols - len(cells))
        elif kind in "LM":
            if self.top <= self.row <= self.bottom:
                keep, self.top = self.top, self.row
                self.scroll(count if kind == "M" else -count)
                self.top = keep
        elif kind == "S":
            self.scroll(count)
        elif kind == "T":
            self.scroll(-count)
        elif kind == "r":
            self.top = count - 1
            self.bottom = (numbers[1] if len(numbers) > 1 and numbers[1] else self.rows) - 1
            self.row = self.col = 0
