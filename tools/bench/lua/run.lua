-- SPDX-License-Identifier: Apache-2.0
-- run.lua FOLDER SCALE: runs every workload of the folder and prints `bench <name> <seconds> <checksum>` for each.
-- A workload file returns a function of the scale (1: about half a second natively) whose result proves the work.
local folder, scale = arg[1] or ".", tonumber(arg[2] or 1)
for _, name in ipairs { "fib", "queens", "strings", "sort", "mandelbrot", "gc" } do
  local work = dofile(folder .. "/" .. name .. ".lua")
  collectgarbage()
  local start = os.clock()
  local sum = work(scale)
  print(("bench %s %.6f %s"):format(name, os.clock() - start, sum))
end
