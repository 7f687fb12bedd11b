-- SPDX-License-Identifier: Apache-2.0
-- run.lua FOLDER SCALE [NAME]: runs every workload, or the one named, and prints `bench <name> <seconds> <checksum>`.
-- A workload file returns a function of the scale (1: about half a second natively) whose result proves the work.
local folder, scale = arg[1] or ".", tonumber(arg[2] or 1)
for _, name in ipairs(arg[3] and { arg[3] } or { "fib", "queens", "strings", "sort", "mandelbrot", "gc" }) do
  local work = dofile(folder .. "/" .. name .. ".lua")
  collectgarbage()
  local start = os.clock()
  local sum = work(scale)
  print(("bench %s %.6f %s"):format(name, os.clock() - start, sum))
end
