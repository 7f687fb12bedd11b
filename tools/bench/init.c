/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Linux guest's first process: loads /modules in the order of their names, mounts what the kernel's command line says
 * (mount0=/dev/vda,/vda,ext4, which reaches us in the environment), gives the network card the address that it says
 * (net0=eth0,10.0.0.2,255.255.255.0), runs the program that it names behind `--`, unmounts, and powers off.
 */
#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOUNTS = 4 };

static void load_modules(void)
{
	struct dirent **names;
	int count = scandir("/modules", &names, NULL, alphasort);
	for (int i = 0; i < count; i++) {
		char path[300];
		snprintf(path, sizeof path, "/modules/%s", names[i]->d_name);
		int file = names[i]->d_name[0] == '.' ? -1 : open(path, O_RDONLY | O_CLOEXEC);
		if (file >= 0 && syscall(SYS_finit_module, file, "", 0))
			perror(path);
		if (file >= 0)
			close(file);
	}
}

static int set_address(int control, struct ifreq *request, unsigned long what, const char *address)
{
	struct sockaddr_in *ip = (struct sockaddr_in *)&request->ifr_addr;
	*ip = (struct sockaddr_in){ .sin_family = AF_INET };
	return inet_pton(AF_INET, address, &ip->sin_addr) == 1 ? ioctl(control, what, request) : -1;
}

static void set_up_network(void)
{
	struct ifreq request = {};
	char address[20], mask[20];
	const char *what = getenv("net0");
	int control = socket(AF_INET, SOCK_DGRAM, 0);
	if (!what || sscanf(what, "%15[^,],%19[^,],%19s", request.ifr_name, address, mask) != 3)
		return;
	if (set_address(control, &request, SIOCSIFADDR, address) || set_address(control, &request, SIOCSIFNETMASK, mask))
		perror(request.ifr_name);
	request.ifr_flags = IFF_UP | IFF_RUNNING;
	if (ioctl(control, SIOCSIFFLAGS, &request))
		perror(request.ifr_name);
	close(control);
}

/* The folders that something was mounted on, the last one first. */
static void unmount_all(char folders[MOUNTS][100], int count)
{
	while (count-- > 0) {
		if (umount(folders[count]))
			perror(folders[count]);
	}
}

static int mount_all(char folders[MOUNTS][100])
{
	int count = 0;
	for (; count < MOUNTS; count++) {
		char name[] = "mount0", device[100], kind[20];
		name[5] = (char)('0' + count);
		const char *what = getenv(name);
		if (!what || sscanf(what, "%99[^,],%99[^,],%19s", device, folders[count], kind) != 3)
			break;
		mkdir(folders[count], 0755);
		if (mount(device, folders[count], kind, 0, NULL)) {
			perror(device);
			break;
		}
	}
	return count;
}

int main(int argc, char **argv)
{
	char folders[MOUNTS][100];
	int status = 1;
	mkdir("/dev", 0755);
	mount("dev", "/dev", "devtmpfs", 0, NULL);
	load_modules();
	int mounts = mount_all(folders);
	set_up_network();
	pid_t child = argc > 1 ? fork() : -1;
	if (child == 0) {
		execv(argv[1], argv + 1);
		_exit(127);
	}
	if (child > 0)
		waitpid(child, &status, 0);
	unmount_all(folders, mounts);
	printf("guest: status %d\n", status);
	fflush(stdout);
	reboot(RB_POWER_OFF);
	return 0;
}
