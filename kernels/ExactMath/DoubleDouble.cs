namespace Harness.Kernels.ExactMath;

/// <summary>
/// An unevaluated sum of two doubles, about 106 bits (Dekker 1971; Joldes, Muller and Popescu 2017): enough that the elementary
/// functions round only once where it matters.
/// </summary>
readonly record struct DoubleDouble(double High, double Low)
{
    /// <summary>The exact sum of two doubles.</summary>
    public static DoubleDouble Sum(double a, double b)
    {
        double high = a + b;
        double part = high - a;
        return new(high, (a - (high - part)) + (b - part));
    }

    /// <summary>The exact sum where |a| is at least |b|, or a is 0.</summary>
    public static DoubleDouble OrderedSum(double a, double b)
    {
        double high = a + b;
        return new(high, b - (high - a));
    }

    /// <summary>The exact product, unless its low part underflows.</summary>
    public static DoubleDouble Product(double a, double b)
    {
        double high = a * b;
        return new(high, Math.FusedMultiplyAdd(a, b, -high));
    }

    public static DoubleDouble operator +(DoubleDouble a, DoubleDouble b)
    {
        DoubleDouble sum = Sum(a.High, b.High);
        return OrderedSum(sum.High, sum.Low + (a.Low + b.Low));
    }

    public static DoubleDouble operator *(DoubleDouble a, DoubleDouble b)
    {
        DoubleDouble product = Product(a.High, b.High);
        double cross = Math.FusedMultiplyAdd(a.High, b.Low, a.Low * b.High);
        return OrderedSum(product.High, product.Low + cross);
    }

    public static DoubleDouble operator *(DoubleDouble a, double b)
    {
        DoubleDouble product = Product(a.High, b);
        return OrderedSum(product.High, Math.FusedMultiplyAdd(a.Low, b, product.Low));
    }

    public static DoubleDouble operator /(double a, DoubleDouble b)
    {
        double quotient = a / b.High;
        double remainder = Math.FusedMultiplyAdd(-quotient, b.Low, Math.FusedMultiplyAdd(-quotient, b.High, a));
        return OrderedSum(quotient, remainder / b.High);
    }
}
