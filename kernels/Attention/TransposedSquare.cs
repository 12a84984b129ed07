using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Harness.Kernels.Attention;

/// <summary>Columns of a square of numbers as rows; for processors with AVX.</summary>
static unsafe class TransposedSquare
{
    public const int Side = 8;

    /// <param name="from">[8, 8].</param>
    /// <param name="fromStep">Floats from a row to the next.</param>
    /// <param name="to">[8, 8]; no part of <paramref name="from"/>.</param>
    /// <param name="toStep">Floats from a row to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Run(float* from, nint fromStep, float* to, nint toStep)
    {
        (Vector256<float> a, Vector256<float> b) = Pairs(from, fromStep, 0);
        (Vector256<float> c, Vector256<float> d) = Pairs(from, fromStep, 2);
        (Vector256<float> e, Vector256<float> f) = Pairs(from, fromStep, 4);
        (Vector256<float> g, Vector256<float> h) = Pairs(from, fromStep, 6);
        Store(Low(a, c), Low(e, g), to, toStep, 0);
        Store(High(a, c), High(e, g), to, toStep, 1);
        Store(Low(b, d), Low(f, h), to, toStep, 2);
        Store(High(b, d), High(f, h), to, toStep, 3);
    }

    /// <summary>Elements of two neighbouring rows in turns.</summary>
    static (Vector256<float> Low, Vector256<float> High) Pairs(float* from, nint step, int row)
    {
        Vector256<float> first = Vector256.Load(from + (row * step)), second = Vector256.Load(from + ((row + 1) * step));
        return (Avx.UnpackLow(first, second), Avx.UnpackHigh(first, second));
    }

    static Vector256<float> Low(Vector256<float> first, Vector256<float> second) => Avx.Shuffle(first, second, 0b01_00_01_00);

    static Vector256<float> High(Vector256<float> first, Vector256<float> second) => Avx.Shuffle(first, second, 0b11_10_11_10);

    /// <summary>Two columns: each has its first half in one and its second half in the other.</summary>
    static void Store(Vector256<float> upper, Vector256<float> lower, float* to, nint step, int column)
    {
        Avx.Permute2x128(upper, lower, 0x20).Store(to + (column * step));
        Avx.Permute2x128(upper, lower, 0x31).Store(to + ((column + 4) * step));
    }
}
