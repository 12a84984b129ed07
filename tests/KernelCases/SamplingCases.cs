using Harness.Kernels.Configuration;
using Harness.Kernels.Driver;
using Harness.Kernels.ExactMath;
using Harness.Kernels.Sampling;

namespace KernelCases;

/// <summary>Sampling.cu against <see cref="Sampler"/>.</summary>
public static class SamplingCases
{
    const ulong Seed = 0x1234_5678_9ABC_DEF0;
    const int MaxTokens = 3, StopToken = 0;

    /// <summary>Of the scratch of one draw, which ends with the counter and the slot.</summary>
    const int DrawPartsBytes = SamplingCuda.PartsBytes / SamplingCuda.MostDrawsInParts, CounterOffset = DrawPartsBytes - (2 * sizeof(int));

    public static IEnumerable<KernelCase> All()
    {
        foreach (int vocabulary in new[] { 1, 31, 128, 1000 })
        {
            foreach (DecodingSettings settings in Every())
                yield return Case("Sampling.sample_warps", vocabulary, settings, draws: 9);
        }
        DecodingSettings all = Settings(0.7f) with { TopK = 400, TopP = 0.9f, MinP = 1e-3f };
        foreach (DecodingSettings settings in new[] { Settings(1), Settings(0), all, Settings(3) with { TopP = 0.5f }, Settings(1)
            with { TopK = 3 } })
            yield return Case("Sampling.sample_blocks", 1027, settings, draws: 3);
        yield return Case("Sampling.sample_blocks", SamplingCuda.PartsVocabulary, Settings(1), draws: 5);
        foreach (KernelCase one in InParts(all))
            yield return one;
        foreach (int vocabulary in new[] { 40, 1500 })
            yield return new KernelCase(
                Kernel(vocabulary), $"{vocabulary} logits, one of them NaN or infinite", device => ReportsNotFinite(device, vocabulary));
        foreach (int vocabulary in new[] { 40, 1500, SamplingCuda.PartsVocabulary })
            yield return new KernelCase(Kernel(vocabulary), $"{vocabulary} logits at the edge of float32 over the temperature",
                device => ReportsInfiniteQuotients(device, vocabulary));
        yield return new KernelCase("Sampling.sample_warps", "end tokens and longest answers", Ends);
    }

    public static IEnumerable<KernelCase> Random(Random random)
    {
        for (int i = 0; i < 8; i++)
        {
            int vocabulary = i switch
            {
                0 => random.Next(1025, 5000),
                1 => random.Next(SamplingCuda.PartsVocabulary, 30_000),
                _ => random.Next(1, 1025),
            };
            int draws = i == 1 ? random.Next(1, SamplingCuda.MostDrawsInParts + 1) : 9;
            DecodingSettings settings = Settings(random.Next(4) == 0 ? 1 : 0.3f + (random.NextSingle() * 3)) with
            {
                Seed = (ulong)random.NextInt64(),
                TopK = random.Next(2) * random.Next(1, vocabulary + 1),
                TopP = random.Next(2) == 0 ? 1 : random.NextSingle(),
                MinP = random.Next(2) == 0 ? 0 : random.NextSingle() * random.NextSingle(),
            };
            yield return Case(Kernel(vocabulary), vocabulary, settings, draws);
        }
    }

    /// <summary>Few draws from large vocabularies.</summary>
    static IEnumerable<KernelCase> InParts(DecodingSettings all)
    {
        const string Unfiltered = "Sampling.sample_parts", Filtered = "Sampling.sample_parts_filtered";
        int least = SamplingCuda.PartsVocabulary;
        yield return Case(Unfiltered, 49152, Settings(1), draws: 2);
        yield return Case(Unfiltered, least, Settings(0.7f), draws: 4, turns: 3);
        yield return Case(Unfiltered, least + 1, Settings(1), draws: 3, turns: 2);
        yield return Case(Unfiltered, least + 131, Settings(1e-3f), draws: 3, firstKind: 5);
        yield return Case(Unfiltered, least + 4, Settings(1), draws: 4, firstKind: 4);
        foreach (int firstKind in new[] { 0, 4 })
            yield return Case(Unfiltered, least + 2, Settings(0), draws: 4, firstKind: firstKind);
        yield return Case(Filtered, 49152, all, draws: 1);
        yield return Case(Filtered, least, Settings(1) with { TopK = 40 }, draws: 4, turns: 2);
        yield return Case(Filtered, least + 3, Settings(3) with { TopP = 0.5f }, draws: 3, firstKind: 1);
        yield return Case(Filtered, least, Settings(0.7f) with { MinP = 0.05f }, draws: 2, firstKind: 6);
        yield return Case(Unfiltered, least, Settings(0) with { TopK = 2, TopP = 0.5f }, draws: 1, firstKind: 1);
        yield return new KernelCase(Unfiltered, "the largest logit in one part and in several", LargestInParts);
        foreach (DecodingSettings settings in new[] { Settings(1), Settings(0), all })
        {
            yield return new KernelCase(
                "Sampling.sample_largest",
                $"NaN and infinite rows beside good ones, {Described(settings)}",
                device => ReportsRowsNotFinite(device, settings));
        }
    }

    static string Kernel(int vocabulary) =>
        vocabulary <= SamplingCuda.WarpVocabulary ? "Sampling.sample_warps"
        : SamplingCuda.InParts(vocabulary, draws: 1) ? "Sampling.sample_parts"
        : "Sampling.sample_blocks";

    static IEnumerable<DecodingSettings> Every()
    {
        foreach (float temperature in new[] { 0, 0.7f, 1, 3 })
            yield return Settings(temperature);
        yield return Settings(0) with { TopK = 2 };
        foreach ((float temperature, int topK, float topP, float minP) in new[]
        {
            (1f, 1, 1f, 0f), (0.7f, 5, 1f, 0f), (1f, 40, 1f, 0f), (1f, 100_000, 1f, 0f),
            (1f, 0, 0.9f, 0f), (3f, 0, 0.5f, 0f), (0.7f, 0, 1e-12f, 0f), (1f, 0, 0.9999999f, 0f),
            (1f, 0, 1f, 0.05f), (3f, 0, 1f, 0.9f), (0.7f, 0, 1f, 1f), (1f, 0, 1f, 1e-13f),
            (1f, 20, 0.8f, 0f), (3f, 7, 0.99f, 0f), (1f, 10, 1f, 0.3f), (1f, 0, 0.95f, 0.1f), (0.7f, 50, 0.9f, 0.02f), (3f, 3, 0.7f, 0.5f),
        })
        {
            yield return Settings(temperature) with { TopK = topK, TopP = topP, MinP = minP };
        }
    }

    static DecodingSettings Settings(float temperature) =>
        new() { Seed = Seed, Temperature = temperature, MaxTokens = MaxTokens, StopTokens = [StopToken, 5] };

    static KernelCase Case(string kernel, int vocabulary, DecodingSettings settings, int draws, int turns = 1, int firstKind = 0) => new(
        kernel,
        $"{vocabulary} logits, {Described(settings)}, rows from kind {firstKind}, {draws} draws, {turns} in turn",
        device => Run(device, vocabulary, settings, draws, turns, firstKind));

    static string Described(DecodingSettings settings) =>
        $"temperature {settings.Temperature}, top-k {settings.TopK}, top-p {settings.TopP}, min-p {settings.MinP}";

    /// <summary>One row of logits; which of several kinds depends on <paramref name="kind"/>.</summary>
    static float[] Row(Random random, int vocabulary, int kind)
    {
        float Normal() => MathF.Sqrt(-2 * MathF.Log(1 - random.NextSingle())) * MathF.Cos(6.2831855f * random.NextSingle());
        float[] row = [.. Enumerable.Range(0, vocabulary).Select(_ => kind switch
        {
            0 => Normal() * 3,
            1 => MathF.Round(Normal()) * 2,                                             // many ties
            2 => -4.5f,                                                                 // all tie
            3 => MathF.BitIncrement(1f) + (random.Next(3) * MathF.ScaleB(1, -23)),      // neighbouring weights
            4 => random.Next(4) == 0 ? float.NegativeInfinity : Normal(),
            5 => Normal() * 15,                                                         // most weights are 0 or small
            6 => random.Next(2) == 0 ? 0 : -0f,
            _ => -random.Next(40) * 0.7f,                                               // ties at every size
        })];
        if (kind == 4)
            row[random.Next(vocabulary)] = 2;
        return row;
    }

    static void Run(IKernelDevice device, int vocabulary, DecodingSettings settings, int draws, int turns, int firstKind)
    {
        using var arrays = new DeviceArrays(device);
        var random = new Random(vocabulary + settings.TopK);
        var state = new State(random, draws + 2);
        // Some draws share a row of logits; of four or more one has no slot, and one's slot is done.
        int rows = draws == 4 ? 3 : Math.Min(draws, 8);
        float[] logits = [.. Enumerable.Range(0, rows).SelectMany(row => Row(random, vocabulary, (row + firstKind) % 8))];
        int[] logitRows = [.. Enumerable.Range(0, draws).Select(draw => draw % rows)];
        int[] slots = [.. Enumerable.Range(0, draws)];
        random.Shuffle(slots);
        if (draws > 8)
        {
            slots[3] = -1;
            state.Done[slots[5]] = 1;
        }
        else if (draws >= 4)
        {
            slots[1] = -1;
            state.Done[slots[2]] = 1;
        }
        SamplingParameters parameters = Upload(arrays, settings, vocabulary, logits, logitRows, slots, state);
        for (int turn = 0; turn < turns; turn++)
        {
            SamplingCuda.Draw(device, parameters);
            for (int draw = 0; draw < draws; draw++)
            {
                if (slots[draw] >= 0 && state.Done[slots[draw]] == 0)
                    state.Append(logits.AsSpan(logitRows[draw] * vocabulary, vocabulary), settings, slots[draw]);
            }
            state.MustBe(arrays, parameters);
        }
        arrays.MustEqual<int>(parameters.Errors, [0], "errors");
        CountersMustBeZero(arrays, parameters);
    }

    /// <summary>Rows whose first largest logit is in the first, a middle, the last part, alone or with others that equal it.</summary>
    static void LargestInParts(IKernelDevice device)
    {
        const int Vocabulary = SamplingCuda.PartsVocabulary + 1;
        int[][] places = [[0], [Vocabulary - 1], [9000, 9001, Vocabulary - 1], [515, 516, 1100]];
        foreach (DecodingSettings settings in new[] { Settings(0), Settings(0.7f) })
        {
            using var arrays = new DeviceArrays(device);
            var state = new State(new Random(5), places.Length);
            float[] logits = new float[places.Length * Vocabulary];
            Array.Fill(logits, -40);
            for (int row = 0; row < places.Length; row++)
            {
                foreach (int place in places[row])
                    logits[(row * Vocabulary) + place] = 1.5f;
            }
            int[] order = [0, 1, 2, 3];
            SamplingParameters parameters = Upload(arrays, settings, Vocabulary, logits, order, order, state);
            SamplingCuda.Draw(device, parameters);
            foreach (int slot in order)
                state.Append(logits.AsSpan(slot * Vocabulary, Vocabulary), settings, slot);
            state.MustBe(arrays, parameters);
        }
    }

    /// <summary>Rows that nothing is drawn from, in launches with others, which are drawn from as if alone.</summary>
    static void ReportsRowsNotFinite(IKernelDevice device, DecodingSettings settings)
    {
        const int Vocabulary = SamplingCuda.PartsVocabulary, Draws = 4;
        using var arrays = new DeviceArrays(device);
        var random = new Random(Vocabulary);
        var state = new State(random, Draws);
        float[] logits = [.. Enumerable.Range(0, Draws).SelectMany(_ => Row(random, Vocabulary, 0))];
        logits[Vocabulary + 7000] = float.NaN;
        logits.AsSpan(2 * Vocabulary, Vocabulary).Fill(float.NegativeInfinity);
        int[] order = [0, 1, 2, 3];
        SamplingParameters parameters = Upload(arrays, settings, Vocabulary, logits, order, order, state);
        for (int turn = 0; turn < 2; turn++)
        {
            SamplingCuda.Draw(device, parameters);
            foreach (int slot in order.Where(slot => slot % 3 == 0 && state.Done[slot] == 0))
                state.Append(logits.AsSpan(slot * Vocabulary, Vocabulary), settings, slot);
            state.MustBe(arrays, parameters);
        }
        arrays.MustEqual<int>(parameters.Errors, [1], "errors");
        CountersMustBeZero(arrays, parameters);
    }

    static void CountersMustBeZero(DeviceArrays arrays, in SamplingParameters parameters)
    {
        for (int draw = 0; draw < SamplingCuda.MostDrawsInParts; draw++)
            arrays.MustEqual<int>(parameters.Parts + (draw * DrawPartsBytes) + CounterOffset, [0], $"counter of draw {draw}");
    }

    static void ReportsNotFinite(IKernelDevice device, int vocabulary)
    {
        foreach (float bad in new[] { float.NaN, -float.NaN, float.PositiveInfinity })
        {
            using var arrays = new DeviceArrays(device);
            var random = new Random(vocabulary);
            var state = new State(random, 1);
            float[] logits = Row(random, vocabulary, 0);
            logits[vocabulary - 2] = bad;
            SamplingParameters parameters = Upload(arrays, Settings(1), vocabulary, logits, [0], [0], state);
            SamplingCuda.Draw(device, parameters);
            arrays.MustEqual<int>(parameters.Errors, [1], $"errors with {bad}");
            state.MustBe(arrays, parameters);
        }
    }

    /// <summary>A largest logit that is infinite over the temperature is reported, and nothing is drawn then.</summary>
    static void ReportsInfiniteQuotients(IKernelDevice device, int vocabulary)
    {
        DecodingSettings coldest = Settings(DecodingSettings.LowestTemperature);
        foreach ((float most, float rest, bool isFinite) in new[]
        {
            (1e36f, 0f, false), (-1e36f, -2e36f, false), (3e35f, -3e35f, true), (3e35f, -3e38f, true), (-3e35f, -3e38f, true),
        })
        {
            foreach (DecodingSettings settings in new[] { coldest, coldest with { TopK = 3 }, coldest with { TopP = 0.9f }, Settings(0) })
            {
                using var arrays = new DeviceArrays(device);
                var state = new State(new Random(vocabulary), 1);
                float[] logits = new float[vocabulary];
                Array.Fill(logits, rest);
                logits[vocabulary - 2] = most;
                SamplingParameters parameters = Upload(arrays, settings, vocabulary, logits, [0], [0], state);
                SamplingCuda.Draw(device, parameters);
                bool draws = isFinite || settings.Temperature == 0;
                arrays.MustEqual<int>(parameters.Errors, [draws ? 0 : 1], $"errors with {most} at temperature {settings.Temperature}");
                if (draws)
                    state.Append(logits, settings, 0);
                state.MustBe(arrays, parameters);
            }
        }
    }

    /// <summary>Slot by slot: an end token, the last token of an answer, both, neither; the next draw skips those that ended.</summary>
    static void Ends(IKernelDevice device)
    {
        const int Vocabulary = 8;
        using var arrays = new DeviceArrays(device);
        var state = new State(new Random(3), 4);
        int[] tokens = [StopToken, 3, 5, 4];
        (state.Count[0], state.Count[1], state.Count[2], state.Count[3]) = (0, MaxTokens - 1, MaxTokens - 1, 0);
        float[] logits = new float[4 * Vocabulary];
        for (int row = 0; row < 4; row++)
            logits[(row * Vocabulary) + tokens[row]] = 1;
        int[] order = [0, 1, 2, 3];
        SamplingParameters parameters = Upload(arrays, Settings(0), Vocabulary, logits, order, order, state);
        for (int step = 0; step < 2; step++)
        {
            SamplingCuda.Draw(device, parameters);
            foreach (int slot in order.Where(slot => state.Done[slot] == 0))
                state.Append(logits.AsSpan(slot * Vocabulary, Vocabulary), Settings(0), slot);
            arrays.MustEqual<int>(parameters.State.Done, [1, 2, 1, 0], $"done after step {step}");
        }
        state.MustBe(arrays, parameters);
    }

    static SamplingParameters Upload(
        DeviceArrays arrays, DecodingSettings settings, int vocabulary, float[] logits, int[] logitRows, int[] slots, State state) => new()
        {
            Logits = arrays.Upload(logits),
            LogitRows = arrays.Upload(logitRows),
            Slots = arrays.Upload(slots),
            State = state.Upload(arrays),
            StopTokens = arrays.Upload(settings.StopTokens.ToArray()),
            StopTokenCount = settings.StopTokens.Count,
            Errors = arrays.Upload(new int[1]),
            Parts = Parts(arrays),
            Seed = settings.Seed,
            Temperature = settings.Temperature,
            TopK = settings.TopK,
            TopP = settings.TopP,
            MinP = settings.MinP,
            Vocabulary = vocabulary,
            Count = slots.Length,
        };

    /// <summary>Scratch of which only the counters are written.</summary>
    static DevicePointer Parts(DeviceArrays arrays)
    {
        byte[] zeros = new byte[SamplingCuda.PartsBytes];
        return arrays.UploadWhereEqual(
            zeros, [.. zeros.Select((_, i) => (byte)(i % DrawPartsBytes is >= CounterOffset and < CounterOffset + sizeof(int) ? 0 : 1))]);
    }

    /// <summary>The slots, and what the CPU makes of them.</summary>
    sealed class State(Random random, int slots)
    {
        readonly int[] token = Numbers(random, slots, 100);
        readonly int[] position = Numbers(random, slots, 1000);
        readonly int[] problem = Numbers(random, slots, 100_000);
        readonly int[] sample = Numbers(random, slots, 100_000);
        readonly int[] outTokens = Poisoned.Array<int>(slots * MaxTokens);
        readonly float[] outDifference = Poisoned.Array<float>(slots * MaxTokens);
        readonly ulong[] outTotal = Poisoned.Array<ulong>(slots * MaxTokens);

        public int[] Count { get; } = Numbers(random, slots, MaxTokens);

        public int[] Done { get; } = new int[slots];

        public SlotState Upload(DeviceArrays arrays) => new()
        {
            Token = arrays.Upload(token),
            Position = arrays.Upload(position),
            Count = arrays.Upload(Count),
            Done = arrays.Upload(Done),
            Problem = arrays.Upload(problem),
            Sample = arrays.Upload(sample),
            OutTokens = arrays.Upload(outTokens),
            OutDifference = arrays.Upload(outDifference),
            OutTotal = arrays.Upload(outTotal),
            MaxTokens = MaxTokens,
            Slots = slots,
        };

        public unsafe void Append(ReadOnlySpan<float> logits, DecodingSettings settings, int slot)
        {
            using var sampler = new Sampler(logits.Length);
            int drawn;
            float logProbability, max = float.NegativeInfinity;
            fixed (float* data = logits)
                (drawn, logProbability) = sampler.Draw(data, settings, (uint)problem[slot], (uint)sample[slot], (uint)position[slot] + 1);
            foreach (float logit in logits)
                max = MathF.Max(max, logit);
            ulong total = 0;
            foreach (float logit in logits)
                total += (ulong)Math.Round(ExactSingle.Exp(logit - max) * Sampler.FixedOne, MidpointRounding.ToEven);
            float difference = logits[drawn] - max;
            if ((float)(difference - ExactDouble.Log(total / Sampler.FixedOne)) != logProbability)
                throw new InvalidOperationException("the total at temperature 1 is not the sampler's");
            int place = (slot * MaxTokens) + Count[slot];
            (outTokens[place], outDifference[place], outTotal[place]) = (drawn, difference, total);
            token[slot] = drawn;
            position[slot]++;
            Count[slot]++;
            Done[slot] = settings.StopTokens.Contains(drawn) ? 1 : Count[slot] == MaxTokens ? 2 : 0;
        }

        public void MustBe(DeviceArrays arrays, in SamplingParameters parameters)
        {
            arrays.MustEqual<int>(parameters.State.OutTokens, outTokens, "tokens");
            arrays.MustEqual<float>(parameters.State.OutDifference, outDifference, "differences");
            arrays.MustEqual<ulong>(parameters.State.OutTotal, outTotal, "totals");
            arrays.MustEqual<int>(parameters.State.Token, token, "last tokens");
            arrays.MustEqual<int>(parameters.State.Position, position, "positions");
            arrays.MustEqual<int>(parameters.State.Count, Count, "counts");
            arrays.MustEqual<int>(parameters.State.Done, Done, "done");
        }

        static int[] Numbers(Random random, int count, int limit) => [.. Enumerable.Range(0, count).Select(_ => random.Next(limit))];
    }
}
