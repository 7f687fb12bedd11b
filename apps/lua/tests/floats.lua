-- Floating point, printed and read back.
local values = { 0.0, -0.0, 1.0, 0.1, 1/3, 2/3, 1e100, 1e-100, 1.5e300 * 1e10, 5e-324, 2.2250738585072014e-308,
  1.7976931348623157e308, 123456789.123456789, math.pi, -math.huge, 0.1 + 0.2, 100, 1e15, 1e16, 123456.789e3 }
for _, v in ipairs(values) do
  print(v, ("%.14g"):format(v), ("%.17g"):format(v), ("%e"):format(v), ("%.3f"):format(v), ("%g"):format(v))
end
print(("%a %a %A"):format(0.1, -1e100, math.pi))
for _, text in ipairs { "0x1p4", "1e1", ".5", "5.", "0x.8p1", "1e400", "-1e-400", "inf", "nan", "0x", "1e", " 12 ", "1 2" } do
  print(text, tonumber(text))
end
print(math.sin(1), math.cos(1), math.tan(1), math.asin(0.5), math.atan(1, 2), math.exp(1), math.log(10), math.log(8, 2), math.sqrt(2))
print(math.floor(-3.5), math.ceil(-3.5), math.fmod(-7, 3), math.modf(-3.7), math.tointeger(3.0), math.ult(1, -1))
print(math.maxinteger + 1 == math.mininteger, math.maxinteger // -1, math.type(1), math.type(1.0), math.type("1"))
print(2^0.5, 2^-1, 10^2, 7 // 2, 7.5 // 2, -7 // 2, 3 | 4, 3 ~ 5, ~0, 1 >> 1)
print(1e308 * 10, -1e308 * 10, 0/0 ~= 0/0, math.huge // 1)
