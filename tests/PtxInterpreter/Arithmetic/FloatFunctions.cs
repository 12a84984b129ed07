using PtxInterpreter.Execution;

namespace PtxInterpreter.Arithmetic;

/// <summary>The one NaN that float32 arithmetic gives on a GPU.</summary>
static class Canonical
{
    public static readonly float NaN = BitConverter.UInt32BitsToSingle(0x7FFFFFFF);

    public static float Of(float x) => float.IsNaN(x) ? NaN : x;
}

readonly struct AddSingle : IBinary<float, float, float>
{
    public static float Run(float a, float b) => Canonical.Of(a + b);
}

readonly struct SubtractSingle : IBinary<float, float, float>
{
    public static float Run(float a, float b) => Canonical.Of(a - b);
}

readonly struct MultiplySingle : IBinary<float, float, float>
{
    public static float Run(float a, float b) => Canonical.Of(a * b);
}

readonly struct DivideSingle : IBinary<float, float, float>
{
    public static float Run(float a, float b) => Canonical.Of(a / b);
}

readonly struct FmaSingle : ITernary<float, float, float, float>
{
    public static float Run(float a, float b, float c) => Canonical.Of(float.FusedMultiplyAdd(a, b, c));
}

readonly struct SquareRootSingle : IUnary<float, float>
{
    public static float Run(float a) => Canonical.Of(float.Sqrt(a));
}

readonly struct ReciprocalSingle : IUnary<float, float>
{
    public static float Run(float a) => Canonical.Of(1f / a);
}

readonly struct NegateSingle : IUnary<uint, uint>
{
    public static uint Run(uint a) => a ^ 0x80000000;
}

readonly struct AbsoluteSingle : IUnary<uint, uint>
{
    public static uint Run(uint a) => a & 0x7FFFFFFF;
}

/// <summary>The other where one is NaN; -0 is below +0.</summary>
readonly struct MinimumSingle : IBinary<float, float, float>
{
    public static float Run(float a, float b) => Canonical.Of(float.MinNumber(a, b));
}

readonly struct MaximumSingle : IBinary<float, float, float>
{
    public static float Run(float a, float b) => Canonical.Of(float.MaxNumber(a, b));
}

/// <summary>NaN where a side is.</summary>
readonly struct MaximumOrNaNSingle : IBinary<float, float, float>
{
    public static float Run(float a, float b) => Canonical.Of(MathF.Max(a, b));
}

readonly struct AddDouble : IBinary<double, double, double>
{
    public static double Run(double a, double b) => a + b;
}

readonly struct SubtractDouble : IBinary<double, double, double>
{
    public static double Run(double a, double b) => a - b;
}

readonly struct MultiplyDouble : IBinary<double, double, double>
{
    public static double Run(double a, double b) => a * b;
}

readonly struct DivideDouble : IBinary<double, double, double>
{
    public static double Run(double a, double b) => a / b;
}

readonly struct FmaDouble : ITernary<double, double, double, double>
{
    public static double Run(double a, double b, double c) => double.FusedMultiplyAdd(a, b, c);
}

readonly struct SquareRootDouble : IUnary<double, double>
{
    public static double Run(double a) => double.Sqrt(a);
}

readonly struct ReciprocalDouble : IUnary<double, double>
{
    public static double Run(double a) => 1d / a;
}

readonly struct NegateDouble : IUnary<ulong, ulong>
{
    public static ulong Run(ulong a) => a ^ (1ul << 63);
}

readonly struct AbsoluteDouble : IUnary<ulong, ulong>
{
    public static ulong Run(ulong a) => a & ~(1ul << 63);
}

readonly struct MinimumDouble : IBinary<double, double, double>
{
    public static double Run(double a, double b) => double.MinNumber(a, b);
}

readonly struct MaximumDouble : IBinary<double, double, double>
{
    public static double Run(double a, double b) => double.MaxNumber(a, b);
}
