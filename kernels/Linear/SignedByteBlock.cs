using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Harness.Kernels.Cpu;

namespace Harness.Kernels.Linear;

/// <summary>
/// 64 int8 values as vpmaddubsw wants its unsigned operand: 64 magnitudes, then 64 sign masks (0, or 255 where negative).
/// With w a signed byte, a * w = |a| * (w ^ sign) + (a &lt; 0 ? |a| : 0): one exclusive or in place of a product's sign, and a
/// correction that is the same for every output, the sum of the negative values' magnitudes. |a| is at most 127 and w ^ sign
/// at least -128, so that two products never saturate int16.
/// </summary>
static unsafe class SignedByteBlock
{
    public const int Bytes = 2 * QuantizedRows.BlockInputs;

    /// <summary>Stores 64 values and returns their correction.</summary>
    public static int Store(short* values, byte* destination, InstructionSet isa) =>
        isa == InstructionSet.Portable ? StoreScalar(values, destination) : Store256(values, destination);

    /// <summary>The value at <paramref name="index"/>.</summary>
    public static int Value(byte* block, int index)
    {
        int sign = (sbyte)block[QuantizedRows.BlockInputs + index];
        return (block[index] ^ sign) - sign;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int StoreScalar(short* values, byte* destination)
    {
        int correction = 0;
        for (int i = 0; i < QuantizedRows.BlockInputs; i++)
        {
            int magnitude = Math.Abs((int)values[i]);
            bool negative = values[i] < 0;
            destination[i] = (byte)magnitude;
            destination[QuantizedRows.BlockInputs + i] = negative ? byte.MaxValue : (byte)0;
            correction += negative ? magnitude : 0;
        }
        return correction;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    static int Store256(short* values, byte* destination)
    {
        Vector256<ushort> negative = Vector256<ushort>.Zero;
        for (int i = 0; i < QuantizedRows.BlockInputs; i += Vector256<sbyte>.Count)
        {
            Vector256<sbyte> bytes = Vector256.Narrow(Vector256.Load(values + i), Vector256.Load(values + i + Vector256<short>.Count));
            Vector256<byte> magnitude = Avx2.Abs(bytes);
            Vector256<byte> sign = Vector256.LessThan(bytes, Vector256<sbyte>.Zero).AsByte();
            magnitude.Store(destination + i);
            sign.Store(destination + QuantizedRows.BlockInputs + i);
            negative += Avx2.SumAbsoluteDifferences(magnitude & sign, Vector256<byte>.Zero);
        }
        Vector128<ushort> halves = negative.GetLower() + negative.GetUpper();
        return halves[0] + halves[4];
    }
}
