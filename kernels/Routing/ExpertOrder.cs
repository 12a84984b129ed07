using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;

namespace Harness.Kernels.Routing;

/// <summary>
/// Rows in the order of their experts: each expert's rows lie together, in their own order, so that they pass its matrices at once. A row
/// that passes none (padding) has -1 for each.
/// </summary>
/// <param name="rows">Most rows.</param>
/// <param name="shape">Of the experts.</param>
sealed unsafe class ExpertOrder(int rows, ExpertShape shape) : IDisposable
{
    readonly NativeBuffer<int> experts = new((long)rows * shape.Active);
    readonly NativeBuffer<float> factors = new((long)rows * shape.Active);
    readonly NativeBuffer<int> places = new((long)rows * shape.Active);
    readonly NativeBuffer<int> ordered = new((long)rows * shape.Active);

    /// <summary>[<see cref="ExpertShape.Active"/>]: of a row, ascending.</summary>
    public int* Experts(int row) => experts.Data + ((long)row * shape.Active);

    /// <summary>[<see cref="ExpertShape.Active"/>]: what the outputs of a row's experts are weighted with.</summary>
    public float* Factors(int row) => factors.Data + ((long)row * shape.Active);

    /// <summary>[<see cref="ExpertShape.Active"/>]: where a row lies among the rows of each of its experts.</summary>
    public int* Places(int row) => places.Data + ((long)row * shape.Active);

    /// <summary>The row at a place.</summary>
    public int RowAt(int place) => ordered.Data[place] / shape.Active;

    /// <summary>Row times <see cref="ExpertShape.Active"/>, plus which of the row's experts it is, at a place.</summary>
    public int SlotAt(int place) => ordered.Data[place];

    /// <summary>What the output at a place is weighted with.</summary>
    public float FactorAt(int place) => factors.Data[ordered.Data[place]];

    /// <summary>Bytes of such an order.</summary>
    public static Int128 Bytes(long rows, ExpertShape shape) =>
        (Int128)rows * shape.Active * ((3 * sizeof(int)) + sizeof(float));

    /// <summary>Routes a row by the router's logits.</summary>
    public void Route(int row, float* logits) => RouterCpu.Run(logits, shape, Experts(row), Factors(row));

    /// <summary>Gives a row to no expert.</summary>
    public void LeaveOut(int row) => new Span<int>(Experts(row), shape.Active).Fill(-1);

    /// <summary>Orders rows [first, end), which take the places from first times <see cref="ExpertShape.Active"/> on.</summary>
    /// <param name="first">First row.</param>
    /// <param name="end">Row after the last.</param>
    /// <param name="starts">[<see cref="ExpertShape.Count"/> + 1]: each expert's first place; the last one is the place after all.</param>
    public void Group(int first, int end, Span<int> starts)
    {
        starts.Clear();
        for (int row = first; row < end; row++)
        {
            for (int i = 0; i < shape.Active && *Experts(row) >= 0; i++)
                starts[Experts(row)[i] + 1]++;
        }
        starts[0] = first * shape.Active;
        for (int expert = 0; expert < shape.Count; expert++)
            starts[expert + 1] += starts[expert];
        for (int row = first; row < end; row++)
        {
            for (int i = 0; i < shape.Active && *Experts(row) >= 0; i++)
            {
                int place = starts[Experts(row)[i]]++;
                Places(row)[i] = place;
                ordered.Data[place] = (row * shape.Active) + i;
            }
        }
        for (int expert = shape.Count; expert > 0; expert--)
            starts[expert] = starts[expert - 1];
        starts[0] = first * shape.Active;
    }

    public void Dispose()
    {
        foreach (IDisposable buffer in new IDisposable[] { experts, factors, places, ordered })
            buffer.Dispose();
    }
}
