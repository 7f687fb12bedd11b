/* SPDX-License-Identifier: Apache-2.0 */
#define IPERF_VERSION "3.9"
