using System.Numerics;
using PtxInterpreter.Execution;

namespace PtxInterpreter.Arithmetic;

// 16-bit registers lie in lanes of 32 bits, whose upper half is 0.
readonly struct OnShort<TOp, T> : IUnary<uint, uint> where TOp : struct, IUnary<T, T> where T : IBinaryInteger<T>
{
    public static uint Run(uint a) => ushort.CreateTruncating(TOp.Run(T.CreateTruncating(a)));
}

readonly struct OnShorts<TOp, T> : IBinary<uint, uint, uint> where TOp : struct, IBinary<T, T, T> where T : IBinaryInteger<T>
{
    public static uint Run(uint a, uint b) => ushort.CreateTruncating(TOp.Run(T.CreateTruncating(a), T.CreateTruncating(b)));
}

readonly struct OnShorts<TOp, T, TResult> : IBinary<uint, uint, TResult> where TOp : struct, IBinary<T, T, TResult> where T
    : IBinaryInteger<T>
{
    public static TResult Run(uint a, uint b) => TOp.Run(T.CreateTruncating(a), T.CreateTruncating(b));
}

readonly struct ShiftShort<TOp, T> : IBinary<uint, uint, uint> where TOp : struct, IBinary<T, uint, T> where T : IBinaryInteger<T>
{
    public static uint Run(uint a, uint count) => ushort.CreateTruncating(TOp.Run(T.CreateTruncating(a), count));
}

readonly struct MultiplyAddShort : ITernary<uint, uint, uint, uint>
{
    public static uint Run(uint a, uint b, uint c) => (ushort)((a * b) + c);
}
