using Harness.Kernels.Driver;

namespace Kernels.Tests.Ptx;

/// <summary>mma, ldmatrix and cp.async against plain loops, with the layouts that the PTX manual draws.</summary>
[TestFixture]
[Parallelizable(ParallelScope.All)]
public static class MatrixInstructionTests
{
    const int M = 16;
    const int N = 8;
    static readonly LaunchShape OneWarp = new(1, 32);

    [TestCase("s8", "s8")]
    [TestCase("u8", "s8")]
    [TestCase("s8", "u8")]
    public static void IntegerProductOfTwoTiles(string typeA, string typeB)
    {
        const int K = 32;
        var random = new Random(1);
        var a = new int[M, K];
        var b = new int[K, N];
        var c = new int[M, N];
        Fill(a, () => random.Next(256) - (typeA == "s8" ? 128 : 0));
        Fill(b, () => random.Next(256) - (typeB == "s8" ? 128 : 0));
        Fill(c, () => random.Next(int.MinValue, int.MaxValue));

        var registers = new uint[32, 10];
        for (int lane = 0; lane < 32; lane++)
        {
            (int group, int inGroup) = (lane >> 2, lane & 3);
            for (int i = 0; i < 16; i++)
            {
                // The manual's layout: row groupID or groupID + 8, column (threadID_in_group * 4) + (i & 3), + 16 for i >= 8.
                int row = i < 4 || (i >= 8 && i < 12) ? group : group + 8;
                int column = (inGroup * 4) + (i & 3) + (i >= 8 ? 16 : 0);
                registers[lane, i / 4] |= (uint)(byte)a[row, column] << (i % 4 * 8);
            }
            for (int i = 0; i < 8; i++)
                registers[lane, 4 + (i / 4)] |= (uint)(byte)b[(inGroup * 4) + (i & 3) + (i >= 4 ? 16 : 0), group] << (i % 4 * 8);
            for (int i = 0; i < 4; i++)
                registers[lane, 6 + i] = (uint)c[group + (i >= 2 ? 8 : 0), (inGroup * 2) + (i & 1)];
        }
        uint[,] result = Multiply($"mma.sync.aligned.m16n8k32.row.col.s32.{typeA}.{typeB}.s32", registers, 4, 2);

        for (int lane = 0; lane < 32; lane++)
        {
            for (int i = 0; i < 4; i++)
            {
                int row = (lane >> 2) + (i >= 2 ? 8 : 0), column = ((lane & 3) * 2) + (i & 1);
                int sum = c[row, column];
                for (int k = 0; k < K; k++)
                    sum += a[row, k] * b[k, column];
                Assert.That((int)result[lane, i], Is.EqualTo(sum), $"row {row}, column {column}");
            }
        }
    }

    [Test]
    public static void ShortIntegerProduct()
    {
        const int K = 16;
        var random = new Random(2);
        var a = new int[M, K];
        var b = new int[K, N];
        Fill(a, () => random.Next(-128, 128));
        Fill(b, () => random.Next(-128, 128));
        var registers = new uint[32, 7];
        for (int lane = 0; lane < 32; lane++)
        {
            for (int i = 0; i < 8; i++)
                registers[lane, i / 4] |= (uint)(byte)a[(lane >> 2) + (i >= 4 ? 8 : 0), ((lane & 3) * 4) + (i & 3)] << (i % 4 * 8);
            for (int i = 0; i < 4; i++)
                registers[lane, 2] |= (uint)(byte)b[((lane & 3) * 4) + i, lane >> 2] << (i * 8);
        }
        uint[,] result = Multiply("mma.sync.aligned.m16n8k16.row.col.s32.s8.s8.s32", registers, 2, 1);
        for (int row = 0; row < M; row++)
        {
            for (int column = 0; column < N; column++)
            {
                int lane = (row % 8 * 4) + (column / 2);
                int expected = Enumerable.Range(0, K).Sum(k => a[row, k] * b[k, column]);
                Assert.That((int)result[lane, (row / 8 * 2) + (column % 2)], Is.EqualTo(expected), $"row {row}, column {column}");
            }
        }
    }

    [Test]
    public static void BFloatProductOfSmallWholeNumbersIsExact()
    {
        const int K = 16;
        var random = new Random(3);
        var a = new int[M, K];
        var b = new int[K, N];
        Fill(a, () => random.Next(-100, 100));
        Fill(b, () => random.Next(-100, 100));
        static uint BFloat(int x) => BitConverter.SingleToUInt32Bits(x) >> 16;
        var registers = new uint[32, 10];
        for (int lane = 0; lane < 32; lane++)
        {
            for (int i = 0; i < 8; i++)
            {
                int row = (lane >> 2) + (i is 2 or 3 or 6 or 7 ? 8 : 0), column = ((lane & 3) * 2) + (i & 1) + (i >= 4 ? 8 : 0);
                registers[lane, i / 2] |= BFloat(a[row, column]) << (i % 2 * 16);
            }
            for (int i = 0; i < 4; i++)
                registers[lane, 4 + (i / 2)] |= BFloat(b[((lane & 3) * 2) + (i & 1) + (i >= 2 ? 8 : 0), lane >> 2]) << (i % 2 * 16);
        }
        uint[,] result = Multiply("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32", registers, 4, 2);
        for (int row = 0; row < M; row++)
        {
            for (int column = 0; column < N; column++)
            {
                int lane = (row % 8 * 4) + (column / 2);
                int expected = Enumerable.Range(0, K).Sum(k => a[row, k] * b[k, column]);
                Assert.That(
                    BitConverter.UInt32BitsToSingle(result[lane, (row / 8 * 2) + (column % 2)]),
                    Is.EqualTo(expected),
                    $"row {row}, column {column}");
            }
        }
    }

    [Test]
    public static void MatricesLoadByRowsOrTransposed([Values(1, 2, 4)] int count, [Values] bool transposed)
    {
        // 32 rows of 16 bytes in shared memory; lane l names row l.
        ushort[] values = [.. Enumerable.Range(0, 32 * 8).Select(i => (ushort)(i * 257))];
        string registers = string.Join(", ", Enumerable.Range(10, count).Select(i => $"%r{i}"));
        string stores = string.Join('\n', Enumerable.Range(0, count).Select(i => $"st.global.u32 [%d3+{i * 128}], %r{10 + i};"));
        string body = $$"""
                mul.wide.u32 %d1, %r60, 16;
                add.u64 %d2, %d60, %d1;
                ld.global.v4.u32 {%r1, %r2, %r3, %r4}, [%d2];
                mov.u32 %r5, tile;
                shl.b32 %r6, %r60, 4;
                add.s32 %r5, %r5, %r6;
                st.shared.v4.u32 [%r5], {%r1, %r2, %r3, %r4};
                bar.sync 0;
                ldmatrix.sync.aligned.m8n8.x{{count}}{{(transposed ? ".trans" : "")}}.shared.b16 { {{registers}} }, [%r5];
                mul.wide.u32 %d1, %r60, 4;
                add.u64 %d3, %d61, %d1;
                {{stores}}
            """;
        uint[] actual = PtxSnippet.Run<ushort, uint>(body, values, 32 * count, OneWarp, ".shared .align 16 .b8 tile[512];");
        for (int matrix = 0; matrix < count; matrix++)
        {
            for (int lane = 0; lane < 32; lane++)
            {
                (int row, int column) = (lane / 4, lane % 4 * 2);
                ushort At(int r, int c) => values[(((matrix * 8) + r) * 8) + c];
                uint expected = transposed ? At(column, row) | (uint)At(column + 1, row) << 16
                    : At(row, column) | (uint)At(row, column + 1) << 16;
                Assert.That(actual[(matrix * 32) + lane], Is.EqualTo(expected), $"matrix {matrix}, lane {lane}");
            }
        }
    }

    [Test]
    public static void CopiesArriveGroupByGroup()
    {
        // Two groups; the first alone has arrived after wait_group 1. The fourth operand cuts the source: the rest is zero.
        int[] values = [.. Enumerable.Range(1, 256)];
        string body = """
                mul.wide.u32 %d1, %r60, 16;
                add.u64 %d2, %d60, %d1;
                mov.u32 %r5, tile;
                shl.b32 %r6, %r60, 4;
                add.s32 %r5, %r5, %r6;
                cp.async.cg.shared.global [%r5], [%d2], 16;
                cp.async.commit_group;
                and.b32 %r7, %r60, 7;
                add.s32 %r8, %r5, 512;
                cp.async.ca.shared.global [%r8], [%d2+512], 8, %r7;
                cp.async.commit_group;
                cp.async.wait_group 1;
                bar.sync 0;
                xor.b32 %r9, %r6, 496;
                mov.u32 %r10, tile;
                add.s32 %r9, %r9, %r10;
                ld.shared.u32 %r11, [%r9];
                cp.async.wait_all;
                ld.shared.v2.u32 {%r12, %r13}, [%r8];
                mul.wide.u32 %d1, %r60, 12;
                add.u64 %d3, %d61, %d1;
                st.global.u32 [%d3], %r11;
                st.global.u32 [%d3+4], %r12;
                st.global.u32 [%d3+8], %r13;
            """;
        int[] actual = PtxSnippet.Run<int, int>(body, values, 96, OneWarp, ".shared .align 16 .b8 tile[1024];");
        for (int lane = 0; lane < 32; lane++)
        {
            byte[] source = [.. BitConverter.GetBytes(values[128 + (lane * 4)]), .. BitConverter.GetBytes(values[129 + (lane * 4)])];
            Array.Clear(source, lane & 7, 8 - (lane & 7));
            int[] expected = [values[(31 - lane) * 4], BitConverter.ToInt32(source, 0), BitConverter.ToInt32(source, 4)];
            Assert.That(actual[(lane * 3)..((lane * 3) + 3)], Is.EqualTo(expected), $"lane {lane}");
        }
    }

    static uint[,] Multiply(string opcode, uint[,] registers, int countA, int countB)
    {
        int perLane = registers.GetLength(1);
        string loads = string.Join('\n', Enumerable.Range(0, perLane).Select(i => $"ld.global.u32 %r{i}, [%d2+{i * 4}];"));
        string Names(int start, int count) => string.Join(", ", Enumerable.Range(start, count).Select(i => $"%r{i}"));
        string c = perLane > countA + countB ? Names(countA + countB, 4) : "0, 0, 0, 0";
        string body = $$"""
                mul.wide.u32 %d1, %r60, {{perLane * 4}};
                add.u64 %d2, %d60, %d1;
                {{loads}}
                {{opcode}} { %r20, %r21, %r22, %r23 }, { {{Names(0, countA)}} }, { {{Names(countA, countB)}} }, { {{c}} };
                mul.wide.u32 %d1, %r60, 16;
                add.u64 %d3, %d61, %d1;
                st.global.v4.u32 [%d3], {%r20, %r21, %r22, %r23};
            """;
        uint[] flat = [.. registers.Cast<uint>()], result = PtxSnippet.Run<uint, uint>(body, flat, 128, OneWarp);
        var byLane = new uint[32, 4];
        Buffer.BlockCopy(result, 0, byLane, 0, 512);
        return byLane;
    }

    static void Fill(int[,] matrix, Func<int> next)
    {
        for (int i = 0; i < matrix.GetLength(0); i++)
        {
            for (int j = 0; j < matrix.GetLength(1); j++)
                matrix[i, j] = next();
        }
    }
}
