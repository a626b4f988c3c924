/* The physical floor: a program that only writes, and answers each byte with itself. */
#include <termios.h>
#include <unistd.h>

int
main(void)
{
	struct termios modes;
	char byte;

	if (tcgetattr(0, &modes) == 0) {
		cfmakeraw(&modes);
		tcsetattr(0, TCSANOW, &modes);
	}
	if (write(1, "quit\r\n", 6) != 6)
		return 1;
	while (read(0, &byte, 1) == 1)
		if (write(1, &byte, 1) != 1)
			return 1;
	return 0;
}
