using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding.Device;
using Harness.Kernels.Driver;
using Harness.Kernels.ExactMath;
using Harness.Kernels.KvCache;
using Harness.Kernels.Sampling;

namespace KernelCases;

/// <summary>
/// Slots.cu: samples enter, prompts' ends are copied, and what is drawn is gathered with the logarithms of <see cref="ExactDouble.Log"/>.
/// </summary>
public static class SlotsCases
{
    public static IEnumerable<KernelCase> All()
    {
        foreach (int count in new[] { 1, 129 })
            yield return new KernelCase("Slots.start_slots", $"{count} samples", device => Start(device, count));
        foreach ((int heads, int rowBytes, int scaleBytes) in new[] { (1, 32, 4), (6, 128, 0), (19, 64, 4), (90, 64, 4) })
            yield return new KernelCase(
                "Slots.copy_pages",
                $"pages of {heads} heads, {rowBytes} bytes and {scaleBytes} of scales a row",
                device => CopyPages(device, heads, rowBytes, scaleBytes));
        foreach ((int slots, int most) in new[] { (1, 1), (3, 5), (16, 17), (33, 2), (130, 5) })
            yield return new KernelCase(
                "Slots.collect_slots", $"{slots} slots, at most {most} tokens of each", device => Collect(device, slots, most));
        yield return new KernelCase(
            "Slots.collect_slots", "logarithms of totals in every octave", device => Logarithms(device, EdgeTotals(), new Random(1)));
        yield return new KernelCase(
            "Slots.collect_slots",
            "logarithms of totals that vocabularies give",
            device => Logarithms(device, UsualTotals(new Random(2), 3000), new Random(3)));
        yield return new KernelCase(
            "Slots.collect_slots", "logarithms near to float32 numbers", device => Logarithms(device, RevealingTotals(), new Random(4)));
    }

    public static IEnumerable<KernelCase> Random(Random random)
    {
        ulong[] totals = UsualTotals(random, 500);
        int seed = random.Next(), slots = random.Next(1, 300), most = random.Next(1, 18);
        yield return new KernelCase(
            "Slots.collect_slots", "logarithms of random totals", device => Logarithms(device, totals, new Random(seed)));
        yield return new KernelCase(
            "Slots.collect_slots", $"{slots} slots, at most {most} tokens of each", device => Collect(device, slots, most));
    }

    /// <summary>Samples enter every other slot; the others stay as they are.</summary>
    static void Start(IKernelDevice device, int count)
    {
        using var arrays = new DeviceArrays(device);
        StartEntry[] entries =
            [.. Enumerable.Range(0, count).Select(i => new StartEntry(2 * (count - 1 - i), 5 + i, 1000 + i, 2000 + i, 3000 + i))];
        int slots = 2 * count;
        SlotState state = new()
        {
            Token = arrays.Output<int>(slots),
            Position = arrays.Output<int>(slots),
            Count = arrays.Output<int>(slots),
            Done = arrays.Output<int>(slots),
            Problem = arrays.Output<int>(slots),
            Sample = arrays.Output<int>(slots),
            Read = arrays.Output<int>(slots),
            Slots = slots,
        };
        SlotsCuda.Start(device, new StartSlotsParameters { State = state, Entries = arrays.Upload(entries), Count = count });
        MustBe(state.Token, entry => entry.Token, "tokens");
        MustBe(state.Position, entry => entry.Position, "positions");
        MustBe(state.Problem, entry => entry.Problem, "problems");
        MustBe(state.Sample, entry => entry.Sample, "samples");
        MustBe(state.Count, _ => 0, "counts");
        MustBe(state.Done, _ => 0, "done");
        MustBe(state.Read, _ => 0, "read");

        void MustBe(DevicePointer actual, Func<StartEntry, int> field, string what)
        {
            int[] expected = Poisoned.Array<int>(slots);
            foreach (StartEntry entry in entries)
                expected[entry.Slot] = field(entry);
            arrays.MustEqual<int>(actual, expected, what);
        }
    }

    /// <summary>
    /// Pages with different counts of tokens are copied to others. What the others held beyond those tokens stays, and so do all other
    /// pages: not a byte more is written than a sample needs, but for scales, which come in fours.
    /// </summary>
    static void CopyPages(IKernelDevice device, int heads, int rowBytes, int scaleBytes)
    {
        using var arrays = new DeviceArrays(device);
        PageCopy[] copies = [new(8, 0, 1), new(7, 3, 5), new(8, 1, 20), new(6, 2, 63)];
        int headBytes = 2 * PageSize.Tokens * (rowBytes + scaleBytes), pageBytes = heads * headBytes;
        byte[] cache = new byte[9 * pageBytes];
        new Random(rowBytes).NextBytes(cache);
        DevicePointer memory = arrays.Upload(cache);
        SlotsCuda.CopyPages(
            device,
            new CopyPagesParameters
            {
                Cache = memory,
                Copies = arrays.Upload(copies),
                Heads = heads,
                RowBytes = rowBytes,
                ScaleBytes = scaleBytes,
            },
            copies.Length);
        foreach (PageCopy copy in copies)
        {
            int scaled = (copy.Tokens + 3) / 4 * 4;
            for (int head = 0; head < heads; head++)
            {
                Move(copy, head, 0, copy.Tokens * rowBytes);
                Move(copy, head, PageSize.Tokens * rowBytes, copy.Tokens * rowBytes);
                Move(copy, head, 2 * PageSize.Tokens * rowBytes, scaled * scaleBytes);
                Move(copy, head, PageSize.Tokens * ((2 * rowBytes) + scaleBytes), scaled * scaleBytes);
            }
        }
        arrays.MustEqual<byte>(memory, cache, "pages");

        void Move(PageCopy copy, int head, int place, int bytes)
        {
            int within = (head * headBytes) + place;
            cache.AsSpan((copy.From * pageBytes) + within, bytes).CopyTo(cache.AsSpan((copy.To * pageBytes) + within));
        }
    }

    /// <summary>Slots that drew nothing, something, and more than one copy brings; a second look has the rest.</summary>
    static void Collect(IKernelDevice device, int slots, int most)
    {
        using var arrays = new DeviceArrays(device);
        var random = new Random(slots);
        int longest = (2 * most) + 3;
        int[] count = [.. Enumerable.Range(0, slots).Select(_ => random.Next(longest + 1))];
        int[] read = [.. count.Select(drawn => random.Next(drawn + 1))];
        int[] tokens = [.. Enumerable.Range(0, slots * longest).Select(_ => random.Next(1000))];
        float[] differences = [.. tokens.Select(_ => -20 * random.NextSingle())];
        ulong[] totals = UsualTotals(random, tokens.Length);
        SlotState state = Upload(arrays, count, read, tokens, differences, totals);
        for (int look = 0; look < 2; look++)
        {
            CollectSlotsParameters parameters = Parameters(arrays, state, most, errors: look);
            SlotsCuda.Collect(device, parameters);
            int[] counts = [.. count.Select((drawn, slot) => Math.Min(drawn - read[slot], most))];
            int[] gathered = Poisoned.Array<int>(slots * most);
            float[] logProbabilities = Poisoned.Array<float>(slots * most);
            for (int slot = 0; slot < slots; slot++)
            {
                for (int i = 0; i < counts[slot]; i++)
                {
                    int from = (slot * longest) + read[slot] + i, to = (slot * most) + i;
                    gathered[to] = tokens[from];
                    logProbabilities[to] = LogProbability(differences[from], totals[from]);
                }
                read[slot] += counts[slot];
            }
            arrays.MustEqual<int>(parameters.Header, [look], $"errors, look {look}");
            arrays.MustEqual<int>(parameters.Counts, counts, $"counts, look {look}");
            arrays.MustEqual<int>(parameters.Tokens, gathered, $"tokens, look {look}");
            arrays.MustEqual<float>(parameters.LogProbabilities, logProbabilities, $"log-probabilities, look {look}");
            arrays.MustEqual<int>(state.Read, read, $"read, look {look}");
        }
    }

    /// <summary>A difference of 0 shows the logarithm, rounded to float32; one that nearly cancels it shows its last bits.</summary>
    static void Logarithms(IKernelDevice device, ulong[] totals, Random random)
    {
        const int Most = 16;
        using var arrays = new DeviceArrays(device);
        ulong[] padded = [.. totals, .. Enumerable.Repeat(1ul << Sampler.FractionBits, Most - (totals.Length % Most))];
        ulong[] each = [.. padded, .. padded, .. padded];
        float[] differences = [.. each.Select((total, i) => (i / padded.Length) switch
        {
            0 => 0f,
            1 => (float)ExactDouble.Log(total / Sampler.FixedOne),
            _ => -100 * random.NextSingle(),
        })];
        int slots = each.Length / Most;
        int[] full = [.. Enumerable.Repeat(Most, slots)];
        SlotState state = Upload(arrays, full, new int[slots], new int[each.Length], differences, each);
        CollectSlotsParameters parameters = Parameters(arrays, state, Most, errors: 0);
        SlotsCuda.Collect(device, parameters);
        float[] values = arrays.Download<float>(parameters.LogProbabilities, each.Length);
        for (int i = 0; i < values.Length; i++)
        {
            float expected = LogProbability(differences[i], each[i]);
            if (BitConverter.SingleToInt32Bits(values[i]) != BitConverter.SingleToInt32Bits(expected))
                throw new KernelMismatchException(
                    $"{differences[i]:R} less the logarithm of {each[i]} / 2^44 is {values[i]:R}, and on the CPU {expected:R}");
        }
    }

    static float LogProbability(float difference, ulong total) => (float)(difference - ExactDouble.Log(total / Sampler.FixedOne));

    /// <summary>
    /// Powers of two from 1 to 2^63 and their neighbours, where the range of the reduced argument ends in each octave, and numbers between.
    /// </summary>
    static ulong[] EdgeTotals()
    {
        var random = new Random(5);
        List<ulong> totals = [];
        for (int exponent = 0; exponent < 64; exponent++)
        {
            ulong power = 1ul << exponent, middle = (ulong)(power * Math.Sqrt(2)), ulp = 1ul << Math.Max(0, exponent - 52);
            foreach (ulong around in new[] { power, middle })
                totals.AddRange([around - (2 * ulp), around - ulp, around - 1, around, around + 1, around + ulp, around + (2 * ulp)]);
            for (int i = 0; i < 8; i++)
                totals.Add(power + ((ulong)random.NextInt64() & (power - 1)));
        }
        return [.. totals.Where(total => total is > 0 and <= 1ul << 63)];
    }

    /// <summary>
    /// Among many totals, those whose logarithms lie nearest to float32 numbers: subtracting these leaves the last bits of a logarithm.
    /// </summary>
    static ulong[] RevealingTotals()
    {
        var random = new Random(6);
        return
        [
            .. Enumerable.Range(0, 200_000).Select(_ => (ulong)random.NextInt64() >> random.Next(63)).Where(total => total > 0)
                .OrderBy(total =>
            {
                double log = ExactDouble.Log(total / Sampler.FixedOne);
                return log == 0 ? 1 : Math.Abs(((float)log - log) / log);
            }).Take(500),
        ];
    }

    /// <summary>At least the largest weight, 2^44, and at most 2^19 of it.</summary>
    static ulong[] UsualTotals(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (1ul << Sampler.FractionBits) + ((ulong)random.NextInt64() >> random.Next(1, 60)))];

    static SlotState Upload(DeviceArrays arrays, int[] count, int[] read, int[] tokens, float[] differences, ulong[] totals) => new()
    {
        Count = arrays.Upload(count),
        Read = arrays.Upload(read),
        OutTokens = arrays.Upload(tokens),
        OutDifference = arrays.Upload(differences),
        OutTotal = arrays.Upload(totals),
        MaxTokens = tokens.Length / count.Length,
        Slots = count.Length,
    };

    static CollectSlotsParameters Parameters(DeviceArrays arrays, SlotState state, int most, int errors) => new()
    {
        State = state,
        Errors = arrays.Upload([errors]),
        Header = arrays.Output<int>(4),
        Counts = arrays.Output<int>(state.Slots),
        Tokens = arrays.Output<int>(state.Slots * most),
        LogProbabilities = arrays.Output<float>(state.Slots * most),
        Most = most,
    };
}
