/* SPDX-License-Identifier: Apache-2.0 */
/* Memory has no rights: whoever touches what is none is reported by the kernel. */
#include "signal.h"

void posix_faults_begin(void)
{
}
