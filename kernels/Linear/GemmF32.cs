using System.Runtime.CompilerServices;
using Harness.Kernels.Cpu;

namespace Harness.Kernels.Linear;

/// <summary>
/// c[m, n] = sum over k of a(m, k) * b[k, n] in the order of <see cref="LinearF32"/>: within a block of 64 terms a chain of fused
/// multiply-adds from +0, then the block sums added in ascending order to +0, or to what c holds. Every form, and any split into rows and
/// columns, gives the same bits; a term whose product is zero leaves them, since a block's sum is added to a total that is never -0.
/// </summary>
/// <remarks>
/// y = x W^T, dx = dy W, dW = dy^T x and the products of attention are all this one, with other steps between the elements of a.
/// </remarks>
public static unsafe class GemmF32
{
    /// <summary>Terms of one chain of fused multiply-adds.</summary>
    public const int BlockTerms = LinearF32.BlockInputs;

    /// <summary>
    /// A row of b is read up to a multiple of so many columns from its first; what lies beyond the last column is of no effect.
    /// </summary>
    public const int ReadColumns = 32;

    const int StripsPerPanel = 3;

    /// <summary>Computes c.</summary>
    /// <param name="operands">Where a, b and c lie; c shares no element with the others.</param>
    /// <param name="form">Form of the kernel.</param>
    public static void Run(in GemmOperands operands, InstructionSet form)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(operands.Terms);
        switch (form)
        {
            case InstructionSet.Avx512:
                Run<GemmF32Avx512, GemmF32Avx2, GemmF32Avx2Half>(operands);
                break;
            case InstructionSet.AvxVnni:
            case InstructionSet.Avx2:
                Run<GemmF32Avx2, GemmF32Avx2Half, GemmF32Avx2Half>(operands);
                break;
            default:
                Run<GemmF32Portable, GemmF32Portable, GemmF32Portable>(operands);
                break;
        }
    }

    // A block of terms of some strips of columns, and those of c, stay in the nearest cache while all rows pass over them. What is left of
    // the columns goes to a form of half the width, or of a quarter.
    static void Run<TKernel, THalf, TQuarter>(in GemmOperands g)
        where TKernel : struct, IGemmKernel
        where THalf : struct, IGemmKernel
        where TQuarter : struct, IGemmKernel
    {
        int panel = StripsPerPanel * TKernel.Columns;
        for (int first = 0; first < g.Columns; first += panel)
        {
            for (int term = 0; term < g.Terms; term += BlockTerms)
            {
                int column = first, end = Math.Min(first + panel, g.Columns);
                for (; column + TKernel.Columns <= end; column += TKernel.Columns)
                    Run<TKernel>(g, term, column);
                for (; column + TQuarter.Columns < end; column += THalf.Columns)
                    Run<THalf>(g, term, column);
                if (column < end)
                    Run<TQuarter>(g, term, column);
            }
        }
    }

    static void Run<TKernel>(in GemmOperands g, int term, int column)
        where TKernel : struct, IGemmKernel
    {
        GemmStrip strip = Strip(g, term, column, TKernel.Columns);
        if (strip.Columns == TKernel.Columns)
            TKernel.Accumulate(strip, strip.C, strip.StepC, strip.Add);
        else
            Narrow<TKernel>(strip);
    }

    /// <summary>A strip that is narrower than the form's: a tile at a time, by way of sums of the form's width.</summary>
    [SkipLocalsInit]
    static void Narrow<TKernel>(in GemmStrip strip)
        where TKernel : struct, IGemmKernel
    {
        float* sums = stackalloc float[TKernel.Rows * TKernel.Columns];
        for (int first = 0; first < strip.Rows; first += TKernel.Rows)
        {
            int rows = Math.Min(TKernel.Rows, strip.Rows - first);
            TKernel.Accumulate(strip.Slice(first, rows), sums, TKernel.Columns, add: false);
            for (int row = 0; row < rows; row++)
            {
                float* c = strip.C + ((first + row) * strip.StepC);
                for (int column = 0; column < strip.Columns; column++)
                    c[column] = (strip.Add ? c[column] : 0f) + sums[(row * TKernel.Columns) + column];
            }
        }
    }

    static GemmStrip Strip(in GemmOperands g, int term, int column, int most) => new()
    {
        A = g.A + (term * g.TermStepA),
        RowStepA = g.RowStepA,
        TermStepA = g.TermStepA,
        B = g.B + (term * g.StepB) + column,
        StepB = g.StepB,
        C = g.C + column,
        StepC = g.StepC,
        Rows = g.Rows,
        Columns = Math.Min(most, g.Columns - column),
        Terms = Math.Min(BlockTerms, g.Terms - term),
        Add = g.Accumulate || term > 0,
    };
}

/// <summary>Operands of <see cref="GemmF32"/>; steps are in floats.</summary>
public unsafe struct GemmOperands
{
    public float* A;

    /// <summary>From a(m, k) to a(m + 1, k).</summary>
    public nint RowStepA;

    /// <summary>From a(m, k) to a(m, k + 1).</summary>
    public nint TermStepA;

    public float* B;

    /// <summary>From b[k, n] to b[k + 1, n].</summary>
    public nint StepB;

    public float* C;

    /// <summary>From c[m, n] to c[m + 1, n].</summary>
    public nint StepC;

    /// <summary>m.</summary>
    public int Rows;

    /// <summary>n.</summary>
    public int Columns;

    /// <summary>k, at least 1.</summary>
    public int Terms;

    /// <summary>Whether the sums are added to what c holds.</summary>
    public bool Accumulate;
}

/// <summary>All rows of some columns of c, and one block of terms.</summary>
unsafe struct GemmStrip
{
    public float* A;
    public nint RowStepA;
    public nint TermStepA;
    public float* B;
    public nint StepB;
    public float* C;
    public nint StepC;
    public int Rows;
    public int Columns;
    public int Terms;
    public bool Add;

    /// <summary>The same of fewer rows.</summary>
    public readonly GemmStrip Slice(int first, int rows) => this with { A = A + (first * RowStepA), Rows = rows };
}

/// <summary>One instruction set's form of the strip.</summary>
unsafe interface IGemmKernel
{
    /// <summary>Rows of a tile.</summary>
    static abstract int Rows { get; }

    /// <summary>Columns of a tile, which a strip has at most.</summary>
    static abstract int Columns { get; }

    /// <summary>Sums of a strip's rows. Of a strip that is narrower than a tile, columns beyond it may be written.</summary>
    /// <param name="strip">What is summed; its own c is not written.</param>
    /// <param name="c">[rows, columns of a tile].</param>
    /// <param name="step">Floats from a row of <paramref name="c"/> to the next.</param>
    /// <param name="add">Whether the sums are added to what <paramref name="c"/> holds.</param>
    static abstract void Accumulate(in GemmStrip strip, float* c, nint step, bool add);
}
