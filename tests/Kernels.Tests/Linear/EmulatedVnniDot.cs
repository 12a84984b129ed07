using System.Runtime.Intrinsics;
using Harness.Kernels.Linear;

namespace Kernels.Tests.Linear;

/// <summary>vpdpbusd as Intel's manual defines it, for processors that lack it.</summary>
readonly struct EmulatedVnniDot : IByteDot
{
    public static Vector256<int> Add(Vector256<int> sum, Vector256<byte> unsigned, Vector256<sbyte> signed)
    {
        Span<int> lanes = stackalloc int[Vector256<int>.Count];
        for (int lane = 0; lane < lanes.Length; lane++)
        {
            lanes[lane] = sum[lane];
            for (int i = 0; i < 4; i++)
                lanes[lane] += unsigned[4 * lane + i] * signed[4 * lane + i];
        }
        return Vector256.Create<int>(lanes);
    }
}
