/* SPDX-License-Identifier: Apache-2.0 */
/* Texts of addresses: both ways, and the host's C library as judge. */
#include <arpa/inet.h>
#include <axtest.h>
#include <ip_address/ip_address.h>
#include <string.h>

static const char *const s_v4[] = { "0.0.0.0", "10.0.0.1", "255.255.255.255", "127.0.0.1", "192.168.100.7" };
static const char *const s_v6[] = {
	"::", "::1", "1::", "fe80::1", "2001:db8::8:800:200c:417a", "ff01::101", "1:2:3:4:5:6:7:8", "2001:db8:0:0:1::1",
	"::ffff:10.0.0.1", "0:0:1::", "1:0:0:2::3", "ABCD:EF01:2345:6789:abcd:ef01:2345:6789", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8",
};
static const char *const s_wrong[] = {
	"", ".", ":", ":::", "1", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.4 ", "1..2.3", "0001.2.3.4", "a.b.c.d", "1:2:3:4:5:6:7", "12345::",
	"1:2:3:4:5:6:7:8:9", "1::2::3", ":1:2:3:4:5:6:7", "1:2:3:4:5:6:7:", "g::", "::1%eth0", "1:2:3:4:5:6:7:8::", "::10.0.0.256",
};

TEST(addresses_are_read_as_the_c_library_reads_them)
{
	ax_ip_t ip;
	uint8_t bytes[16];
	for (size_t i = 0; i < sizeof s_v4 / sizeof *s_v4; i++) {
		CHECK_EQ(ax_ip_parse(s_v4[i], &ip), AX_OK);
		CHECK(inet_pton(AF_INET, s_v4[i], bytes) == 1 && ip.family == AX_IP_V4 && !memcmp(bytes, ip.bytes, 4));
	}
	for (size_t i = 0; i < sizeof s_v6 / sizeof *s_v6; i++) {
		CHECK_EQ(ax_ip_parse(s_v6[i], &ip), AX_OK);
		CHECK(inet_pton(AF_INET6, s_v6[i], bytes) == 1 && ip.family == AX_IP_V6 && !memcmp(bytes, ip.bytes, 16));
	}
}

TEST(what_is_no_address_is_refused_and_changes_nothing)
{
	ax_ip_t ip = AX_IP4(9, 9, 9, 9);
	for (size_t i = 0; i < sizeof s_wrong / sizeof *s_wrong; i++)
		CHECK_EQ(ax_ip_parse(s_wrong[i], &ip), AX_ERR_INVALID_INPUT);
	CHECK(ip.bytes[0] == 9);
}

TEST(the_text_of_an_address_is_read_as_the_same_address)
{
	ax_ip_t ip = { .family = AX_IP_V6 }, again;
	char text[AX_IP_TEXT_BYTES];
	uint32_t seed = 7;
	for (int round = 0; round < 20000; round++) {
		for (size_t i = 0; i < sizeof ip.bytes; i++) {
			seed = seed * 1664525 + 1013904223;
			ip.bytes[i] = seed >> 30 ? 0 : (uint8_t)(seed >> 16); /* many zeros */
		}
		ax_ip_format(&ip, text, sizeof text);
		CHECK_EQ(ax_ip_parse(text, &again), AX_OK);
		CHECK(ax_ip_equal(&ip, &again));
	}
}

TEST(zeros_are_shortened_once_and_only_where_there_are_two_groups_of_them)
{
	static const char *const texts[] = { "::", "::1", "1::", "1:0:2:3:4:5:6:7", "2001:db8::1:0:0:1", "10.1.2.3" };
	char text[AX_IP_TEXT_BYTES];
	ax_ip_t ip;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		CHECK_EQ(ax_ip_parse(texts[i], &ip), AX_OK);
		ax_ip_format(&ip, text, sizeof text);
		CHECK_STR(text, texts[i]);
	}
}

TEST(a_short_buffer_gets_a_cut_text)
{
	ax_ip_t ip = { .family = AX_IP_V6, .bytes = { 0xff, 0xff, 0xff, 0xff, [15] = 1 } };
	char text[6] = "xxxxx";
	ax_ip_format(&ip, text, 5);
	CHECK(strlen(text) == 4 && text[5] == '\0');
}
