// The natural logarithm: kernels/ExactMath/ExactDouble.cs and DoubleDouble.cs, operation by operation.
#pragma once

#include "Exact.cuh"

// An unevaluated sum of two doubles.
struct DoubleDouble
{
    double high, low;
};

DEVICE DoubleDouble exactSum(double a, double b)
{
    double high = a + b;
    double part = high - a;
    return { high, (a - (high - part)) + (b - part) };
}

// |a| is at least |b|, or a is 0.
DEVICE DoubleDouble orderedSum(double a, double b)
{
    double high = a + b;
    return { high, b - (high - a) };
}

DEVICE DoubleDouble exactProduct(double a, double b)
{
    double high = a * b;
    return { high, fma(a, b, -high) };
}

DEVICE DoubleDouble operator+(DoubleDouble a, DoubleDouble b)
{
    DoubleDouble sum = exactSum(a.high, b.high);
    return orderedSum(sum.high, sum.low + (a.low + b.low));
}

DEVICE DoubleDouble operator*(DoubleDouble a, DoubleDouble b)
{
    DoubleDouble product = exactProduct(a.high, b.high);
    double cross = fma(a.high, b.low, a.low * b.high);
    return orderedSum(product.high, product.low + cross);
}

DEVICE DoubleDouble operator*(DoubleDouble a, double b)
{
    DoubleDouble product = exactProduct(a.high, b);
    return orderedSum(product.high, fma(a.low, b, product.low));
}

DEVICE DoubleDouble operator/(double a, DoubleDouble b)
{
    double quotient = a / b.high;
    double remainder = fma(-quotient, b.low, fma(-quotient, b.high, a));
    return orderedSum(quotient, remainder / b.high);
}

// The logarithm of a positive normal number.
DEVICE double exactLog(double x)
{
    int64 bits = __builtin_bit_cast(int64, x);
    int octave = (int)((bits - 0x3FE6A09E667F3BCD) >> 52);
    double m = __builtin_bit_cast(double, bits - ((int64)octave << 52));
    double exponent = octave;

    DoubleDouble s = (m - 1.0) / exactSum(m, 1.0);
    DoubleDouble z = s * s;
    double tail = 0.037037037037037035;
    tail = fma(tail, z.high, 0.04);
    tail = fma(tail, z.high, 0.043478260869565216);
    tail = fma(tail, z.high, 0.047619047619047616);
    tail = fma(tail, z.high, 0.05263157894736842);
    tail = fma(tail, z.high, 0.058823529411764705);
    tail = fma(tail, z.high, 0.06666666666666667);
    tail = fma(tail, z.high, 0.07692307692307693);
    tail = fma(tail, z.high, 0.09090909090909091);
    DoubleDouble series = z * tail + DoubleDouble { 0.1111111111111111, 6.1679056923619804e-18 };
    series = z * series + DoubleDouble { 0.14285714285714285, 7.93016446160826e-18 };
    series = z * series + DoubleDouble { 0.2, -1.1102230246251566e-17 };
    series = z * series + DoubleDouble { 0.3333333333333333, 1.850371707708594e-17 };
    DoubleDouble log = s * 2.0 + s * 2.0 * (z * series);
    DoubleDouble whole = DoubleDouble { exponent * 0.6931471805598903, 0.0 } + exactProduct(exponent, 5.497923018708371e-14);
    log = whole + log;
    return log.high + log.low;
}
