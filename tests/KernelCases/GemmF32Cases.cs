using Harness.Kernels.Cpu;
using Harness.Kernels.Driver;
using Harness.Kernels.Linear;

namespace KernelCases;

/// <summary>Every form of GemmF32.cu against <see cref="GemmF32"/>.</summary>
public static class GemmF32Cases
{
    public static IEnumerable<KernelCase> All()
    {
        foreach (bool byTerms in new[] { false, true })
        {
            foreach ((int rows, int columns, int terms, bool accumulate) in new[]
            {
                (1, 1, 1, false), (33, 65, 64, true), (31, 68, 65, false), (32, 64, 129, true), (4, 6, 17, true), (40, 12, 200, false),
            })
                yield return Case(byTerms, rows, columns, terms, accumulate, GemmF32Form.SmallTiles);
            foreach ((int rows, int columns, int terms, bool accumulate) in new[]
            {
                (63, 126, 66, true), (65, 132, 16, false), (9, 128, 130, true),
            })
                yield return Case(byTerms, rows, columns, terms, accumulate, GemmF32Form.LargeTiles);
            yield return Case(byTerms, 8, 12, 260, accumulate: true, GemmF32Form.Automatic);
            foreach (int rows in new[] { 3, 200 })
                yield return Case(byTerms, rows, 300, 20, accumulate: false, GemmF32Form.Automatic);
        }
        foreach ((int rows, int columns, int terms, bool accumulate) in new[] { (33, 65, 130, true), (5, 3, 64, false), (30, 4, 1, true) })
            yield return Case(byTerms: true, rows, columns, terms, accumulate, GemmF32Form.Blocks);
    }

    public static IEnumerable<KernelCase> Random(Random random)
    {
        foreach (GemmF32Form form in Enum.GetValues<GemmF32Form>())
        {
            foreach (bool byTerms in form == GemmF32Form.Blocks ? [true] : new[] { false, true })
                yield return Case(
                    byTerms, random.Next(1, 150), random.Next(1, 250), random.Next(1, 400), random.Next(2) == 0, form);
        }
    }

    static KernelCase Case(bool byTerms, int rows, int columns, int terms, bool accumulate, GemmF32Form form) => new(
        $"GemmF32.gemm_f32_{(byTerms ? "terms" : "rows")}",
        $"{form}: {rows} x {columns}, {terms} terms{(accumulate ? ", added" : "")}",
        device => Run(device, byTerms, rows, columns, terms, accumulate, form));

    static void Run(IKernelDevice device, bool byTerms, int rows, int columns, int terms, bool accumulate, GemmF32Form form)
    {
        using var arrays = new DeviceArrays(device);
        var random = new Random((rows * 1000) + columns + terms);
        float[] a = Values.Random(random, rows * terms), b = Values.Random(random, terms * columns);
        float[] c = Values.Random(random, rows * columns);
        var parameters = new GemmF32Parameters
        {
            A = arrays.Upload(a),
            B = arrays.Upload(b),
            C = accumulate ? arrays.Upload(c) : arrays.Output<float>(c.Length),
            Blocks = arrays.Output<float>((terms + 63) / 64 * c.Length),
            Rows = rows,
            Columns = columns,
            Terms = terms,
            Accumulate = accumulate ? 1 : 0,
        };
        if (byTerms)
            GemmF32Cuda.RunByTerms(device, parameters, form);
        else
            GemmF32Cuda.RunByRows(device, parameters, form);
        Multiply(a, b, c, byTerms, rows, columns, terms, accumulate);
        arrays.MustEqual<float>(parameters.C, c, "c");
    }

    static unsafe void Multiply(float[] a, float[] b, float[] c, bool byTerms, int rows, int columns, int terms, bool accumulate)
    {
        fixed (float* left = a, right = b, products = c)
        {
            GemmF32.Run(
                new GemmOperands
                {
                    A = left,
                    RowStepA = byTerms ? 1 : terms,
                    TermStepA = byTerms ? rows : 1,
                    B = right,
                    StepB = columns,
                    C = products,
                    StepC = columns,
                    Rows = rows,
                    Columns = columns,
                    Terms = terms,
                    Accumulate = accumulate,
                },
                InstructionSet.Portable);
        }
    }
}
