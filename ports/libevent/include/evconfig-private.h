/* SPDX-License-Identifier: Apache-2.0 */
/* Nothing that libevent's configure would find here. */
#pragma once
