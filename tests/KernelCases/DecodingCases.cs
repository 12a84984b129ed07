using Harness.Kernels.Decoding.Device;
using Harness.Kernels.Driver;

namespace KernelCases;

/// <summary>Decoding.cu: rows of a pass from the slots' state.</summary>
public static class DecodingCases
{
    public static IEnumerable<KernelCase> All()
    {
        foreach (int rows in new[] { 1, 5, 130 })
            yield return new KernelCase("Decoding.decode_begin", $"{rows} rows", device => Begin(device, rows));
    }

    static void Begin(IKernelDevice device, int rows)
    {
        using var arrays = new DeviceArrays(device);
        var random = new Random(rows);
        int slots = rows + 2;
        int[] Numbers(int limit) => [.. Enumerable.Range(0, slots).Select(_ => random.Next(limit))];
        int[] token = Numbers(1000), position = Numbers(500), done = Numbers(4).Select(x => Math.Max(0, x - 1)).ToArray();
        int[] order = [.. Enumerable.Range(0, slots)];
        random.Shuffle(order);
        int[] rowSlots = [.. order.Take(rows).Select(slot => slot % 5 == 3 ? -1 : slot)];
        bool Runs(int slot) => slot >= 0 && done[slot] == 0;
        var parameters = new DecodeBeginParameters
        {
            RowSlots = arrays.Upload(rowSlots),
            SlotToken = arrays.Upload(token),
            SlotPosition = arrays.Upload(position),
            SlotDone = arrays.Upload(done),
            Tokens = arrays.Output<int>(rows),
            Positions = arrays.Output<int>(rows),
            Sequences = arrays.Output<int>(rows),
            Rows = rows,
        };
        DecodingCuda.Begin(device, parameters);
        arrays.MustEqual<int>(parameters.Tokens, rowSlots.Select(slot => Runs(slot) ? token[slot] : 0).ToArray(), "tokens");
        arrays.MustEqual<int>(parameters.Positions, rowSlots.Select(slot => Runs(slot) ? position[slot] : -1).ToArray(), "positions");
        arrays.MustEqual<int>(parameters.Sequences, rowSlots.Select(slot => Runs(slot) ? slot : 0).ToArray(), "sequences");
    }
}
