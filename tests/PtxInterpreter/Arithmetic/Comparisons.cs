using System.Numerics;
using PtxInterpreter.Execution;

namespace PtxInterpreter.Arithmetic;

// For floats these are the ordered forms: a NaN on either side makes all but NotEqual's unordered form false.
readonly struct Equal<T> : IBinary<T, T, bool> where T : INumber<T>
{
    public static bool Run(T a, T b) => a == b;
}

readonly struct NotEqual<T> : IBinary<T, T, bool> where T : INumber<T>
{
    public static bool Run(T a, T b) => a < b || a > b;
}

readonly struct Less<T> : IBinary<T, T, bool> where T : INumber<T>
{
    public static bool Run(T a, T b) => a < b;
}

readonly struct LessOrEqual<T> : IBinary<T, T, bool> where T : INumber<T>
{
    public static bool Run(T a, T b) => a <= b;
}

readonly struct Greater<T> : IBinary<T, T, bool> where T : INumber<T>
{
    public static bool Run(T a, T b) => a > b;
}

readonly struct GreaterOrEqual<T> : IBinary<T, T, bool> where T : INumber<T>
{
    public static bool Run(T a, T b) => a >= b;
}

readonly struct Unordered<T> : IBinary<T, T, bool> where T : INumber<T>
{
    public static bool Run(T a, T b) => T.IsNaN(a) || T.IsNaN(b);
}

readonly struct Ordered<T> : IBinary<T, T, bool> where T : INumber<T>
{
    public static bool Run(T a, T b) => !T.IsNaN(a) && !T.IsNaN(b);
}

/// <summary>The comparison, or true where a side is NaN.</summary>
readonly struct OrUnordered<TCompare, T> : IBinary<T, T, bool> where TCompare : struct, IBinary<T, T, bool> where T : INumber<T>
{
    public static bool Run(T a, T b) => T.IsNaN(a) || T.IsNaN(b) || TCompare.Run(a, b);
}
