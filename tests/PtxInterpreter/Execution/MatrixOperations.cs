using System.Runtime.Intrinsics;
using PtxInterpreter.Parsing;

namespace PtxInterpreter.Execution;

/// <summary>One that all 32 lanes of a warp do together (".aligned").</summary>
abstract class WholeWarpOperation : ConvergentOperation
{
    public override uint Required(Warp warp, uint mask)
    {
        if (warp.Live != uint.MaxValue)
            throw warp.Fault(FaultKind.DivergentBarrier, mask, $"needs the whole warp, of which only the lanes 0x{warp.Live:x8} live");
        return uint.MaxValue;
    }
}

/// <summary>ldmatrix: 8x8 matrices of 16 bits; lane 8i + r gives the address of row r of matrix i.</summary>
sealed unsafe class LoadMatrixOperation(StateSpace space, int[] destinations, LaneAddress address, bool transposed) : WholeWarpOperation
{
    const int RowBytes = 16;

    public override void Execute(Warp warp, uint mask)
    {
        address.Count(warp, space, uint.MaxValue >> (Warp.Lanes - (destinations.Length * 8)), RowBytes);
        ushort* matrix = stackalloc ushort[64];
        for (int i = 0; i < destinations.Length; i++)
        {
            for (int row = 0; row < 8; row++)
            {
                int lane = (i * 8) + row;
                byte* from = warp.Block.Spaces.Read(warp, lane, space, address.At(warp, lane), RowBytes);
                Buffer.MemoryCopy(from, matrix + (row * 8), RowBytes, RowBytes);
            }
            for (int lane = 0; lane < Warp.Lanes; lane++)
            {
                int row = lane / 4, column = lane % 4 * 2;
                uint low = transposed ? matrix[(column * 8) + row] : matrix[(row * 8) + column];
                uint high = transposed ? matrix[((column + 1) * 8) + row] : matrix[(row * 8) + column + 1];
                warp.Lane32(destinations[i], lane) = low | high << 16;
            }
        }
        warp.Block.Counts.AddBytes(StateSpace.Shared, 0, destinations.Length * 8 * RowBytes, false);
    }
}

/// <summary>mma.sync.m16n8k32 and m16n8k16 of 8-bit integers with 32-bit sums, exact.</summary>
sealed unsafe class IntegerMatrixMultiply(int k, bool signedA, bool signedB, int[] d, int[] a, int[] b, int[] c) : WholeWarpOperation
{
    const int M = 16;
    const int N = 8;

    public override void Execute(Warp warp, uint mask)
    {
        int* left = stackalloc int[M * k], right = stackalloc int[k * N];
        for (int lane = 0; lane < Warp.Lanes; lane++)
        {
            int group = lane / 4, within = lane % 4 * 4;
            for (int i = 0; i < 4; i++)
            {
                for (int r = 0; r < a.Length; r++)
                    left[((group + (r % 2 * 8)) * k) + within + i + (r / 2 * 16)] = Byte(warp.Lane32(a[r], lane), i, signedA);
                for (int r = 0; r < b.Length; r++)
                    right[(group * k) + within + i + (r * 16)] = Byte(warp.Lane32(b[r], lane), i, signedB);
            }
        }
        for (int lane = 0; lane < Warp.Lanes; lane++)
        {
            for (int i = 0; i < 4; i++)
            {
                int row = (lane / 4) + (i / 2 * 8), column = (lane % 4 * 2) + (i % 2);
                Vector256<int> sums = Vector256<int>.Zero;
                for (int j = 0; j < k; j += Vector256<int>.Count)
                    sums += Vector256.Load(left + (row * k) + j) * Vector256.Load(right + (column * k) + j);
                warp.Lane32(d[i], lane) = warp.Lane32(c[i], lane) + (uint)Vector256.Sum(sums);
            }
        }
    }

    static int Byte(uint word, int i, bool signed) => signed ? (sbyte)(word >> (i * 8)) : (byte)(word >> (i * 8));
}

/// <summary>
/// mma.sync.m16n8k16 of bfloat16 with float32 sums. A GPU's order of summation is its own; here it is a chain of fused multiply-adds in
/// ascending k from c. So it serves results of the measured class only.
/// </summary>
sealed unsafe class BFloatMatrixMultiply(int[] d, int[] a, int[] b, int[] c) : WholeWarpOperation
{
    const int M = 16;
    const int N = 8;
    const int K = 16;

    public override void Execute(Warp warp, uint mask)
    {
        float* left = stackalloc float[M * K], right = stackalloc float[K * N];
        for (int lane = 0; lane < Warp.Lanes; lane++)
        {
            int group = lane / 4, within = lane % 4 * 2;
            for (int i = 0; i < 2; i++)
            {
                for (int r = 0; r < 4; r++)
                    left[((group + (r % 2 * 8)) * K) + within + i + (r / 2 * 8)] = Half(warp.Lane32(a[r], lane), i);
                for (int r = 0; r < 2; r++)
                    right[(group * K) + within + i + (r * 8)] = Half(warp.Lane32(b[r], lane), i);
            }
        }
        for (int lane = 0; lane < Warp.Lanes; lane++)
        {
            for (int i = 0; i < 4; i++)
            {
                int row = (lane / 4) + (i / 2 * 8), column = (lane % 4 * 2) + (i % 2);
                float sum = BitConverter.UInt32BitsToSingle(warp.Lane32(c[i], lane));
                for (int j = 0; j < K; j++)
                    sum = float.FusedMultiplyAdd(left[(row * K) + j], right[(column * K) + j], sum);
                warp.Lane32(d[i], lane) = BitConverter.SingleToUInt32Bits(sum);
            }
        }
    }

    static float Half(uint word, int i) => BitConverter.UInt32BitsToSingle(word >> (i * 16) << 16);
}
