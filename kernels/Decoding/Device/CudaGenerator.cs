using System.Numerics;
using System.Runtime.InteropServices;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;
using Harness.Kernels.Models;
using Harness.Kernels.Sampling;

namespace Harness.Kernels.Decoding.Device;

/// <summary>
/// Draws many samples of many prompts together on a device: <see cref="CpuGenerator"/>'s tokens, bit for bit. A decode step never
/// leaves the device: it is one recorded graph, launched several times in a row (a segment); what was drawn is read while the next
/// segment runs, and finished samples make room for the next between segments.
/// </summary>
sealed class CudaGenerator : IGenerator
{
    /// <summary>Steps between two looks at what was drawn: few where a step is long, so that finished samples make room soon.</summary>
    const int FewSteps = 4, ManySteps = 16, ManyRows = 256;

    /// <summary>Samples of few that read a prompt together; fewer read it each on its own, which saves two launches a layer.</summary>
    const int ManySharers = 8;

    readonly CudaLanguageModel model;
    readonly IKernelDevice device;
    readonly CudaTransformer transformer;
    readonly ModelConfig config;
    readonly AttentionItems prefillItems;
    readonly AttentionItems decodeItems;
    readonly PrefillRows prefill;
    readonly DrawList draws;
    readonly DeviceBuffer rowSlots;
    readonly Dictionary<(int Rows, int Items), IKernelGraph> graphs = [];
    readonly bool useGraphs;
    DeviceSession session = null!;
    DecodingSettings settings = null!;
    AnswerEnd end = null!;
    RequestCheck needs;
    DeviceBuffer? stopTokens;
    int reservedPages;
    int listMoves;
    bool rowsChanged;

    /// <param name="model">Stays the caller's.</param>
    /// <param name="useGraphs">Whether a step is one recorded graph, or its kernels launched one by one: the same bytes.</param>
    public CudaGenerator(CudaLanguageModel model, bool useGraphs = true)
    {
        this.model = model;
        this.useGraphs = useGraphs;
        device = model.Device;
        transformer = model.Transformer;
        config = transformer.Config;
        prefillItems = new AttentionItems(device, config, 64);
        decodeItems = new AttentionItems(device, config, 64);
        prefill = new PrefillRows(transformer.Limits.Rows);
        draws = new DrawList(device, model.Batch);
        rowSlots = device.Allocate(sizeof(int) * (long)model.Batch, "rows of a step");
    }

    /// <inheritdoc/>
    /// <exception cref="HarnessException">A prompt is empty, does not fit the context or the memory, or holds a token outside the vocabulary; or the device failed.</exception>
    public void Generate(IReadOnlyList<GenerationRequest> requests, DecodingSettings settings, Action<Generation> finished, CancellationToken cancellation)
    {
        if (requests.Count == 0)
            return;
        this.settings = settings;
        needs = new RequestCheck(config, settings);
        listMoves = decodeItems.Moves;
        int longest = needs.LongestPrompt(requests) + settings.MaxTokens;
        foreach (int token in requests.SelectMany(request => request.Prompt))
            config.RequireToken(token);
        StopStringMatcher? stopStrings = settings.StopStrings.Count == 0 ? null
            : new StopStringMatcher(settings.StopStrings, model.Checkpoint.Tokenizer ?? throw new ArgumentException("stop strings need a tokenizer", nameof(settings)));
        end = new AnswerEnd(settings, stopStrings);
        session = model.OpenSession(Need(requests, longest));
        needs.RequirePages(requests, session.Pages.Capacity, session.PageBytes);
        transformer.ReservePositions(longest);
        var run = new GenerationRun(requests, config.Vocabulary, finished);
        for (int i = session.Slots - 1; i >= 0; i--)
            run.Idle.Push(session.InFlight[i]);
        try
        {
            stopTokens = UploadStopTokens();
            device.Fill(transformer.Errors, 0, sizeof(int));
            Run(run, cancellation);
        }
        finally
        {
            Close(run);
        }
    }

    public void Dispose()
    {
        foreach (IDisposable owned in new IDisposable[] { prefillItems, decodeItems, draws, rowSlots })
            owned.Dispose();
    }

    void Close(GenerationRun run)
    {
        run.Pending.Dispose();
        foreach (IKernelGraph graph in graphs.Values)
            graph.Dispose();
        graphs.Clear();
        stopTokens?.Dispose();
        stopTokens = null;
        model.CloseSession(keep: run.Ended);
        reservedPages = 0;
    }

    SessionNeed Need(IReadOnlyList<GenerationRequest> requests, int longest)
    {
        long samples = requests.Sum(request => (long)request.Samples.Count);
        int slots = (int)Math.Min(model.Batch, Math.Max(samples, 1));
        int longestOwn = 0, longestPrompt = 0;
        long all = 0;
        foreach (GenerationRequest request in requests)
        {
            int prompt = RequestCheck.PromptPages(request.Prompt.Count), own = needs.OwnPages(request.Prompt.Count);
            longestPrompt = Math.Max(longestPrompt, prompt);
            longestOwn = Math.Max(longestOwn, own);
            all += prompt + ((long)own * request.Samples.Count);
        }
        long together = slots * (long)(longestOwn + longestPrompt);
        int rows = (int)Math.Min(transformer.Limits.Rows, Math.Max(slots, requests.Sum(request => (long)request.Prompt.Count)));
        return new SessionNeed(
            rows, slots, longest, settings.MaxTokens, (int)Math.Min(int.MaxValue, Math.Min(all, together)), longestPrompt + longestOwn, ManySteps + 1);
    }

    DeviceBuffer UploadStopTokens()
    {
        int[] tokens = [.. settings.StopTokens, -1];
        DeviceBuffer buffer = device.Allocate(sizeof(int) * (long)tokens.Length, "end tokens");
        device.CopyToDevice(buffer.Start, MemoryMarshal.AsBytes<int>(tokens));
        return buffer;
    }

    void Run(GenerationRun run, CancellationToken cancellation)
    {
        Segment? outstanding = null;
        while (run.Active.Count > 0 || !run.Pending.IsEmpty || outstanding is not null)
        {
            cancellation.ThrowIfCancellationRequested();
            Admit(run);
            if (run.Entering.Count > 0)
                Enter(run, cancellation);
            Segment? next = StartSegment(run);
            if (outstanding is not null)
                Receive(run, outstanding);
            outstanding = next;
        }
        run.Ended = true;
    }

    void Admit(GenerationRun run)
    {
        while (run.Idle.Count > 0 && !run.Pending.IsEmpty)
        {
            int length = run.Pending.PromptLength;
            int pages = needs.OwnPages(length) + (run.Pending.StartsPrompt ? RequestCheck.PromptPages(length) : 0);
            if (reservedPages + pages > session.Pages.Capacity)
                return;
            reservedPages += pages;
            (PromptState prompt, int sample) = run.Pending.Take();
            DeviceSlot slot = run.Idle.Pop();
            slot.Start(prompt, sample, end);
            run.Entering.Add(slot);
        }
    }

    /// <summary>Passes the entering prompts that are new through the model, packed together, and draws each entering sample's first token.</summary>
    void Enter(GenerationRun run, CancellationToken cancellation)
    {
        AssignPages(run.Entering);
        prefill.Clear();
        int drawn = 0;
        for (int i = 0; i < run.Entering.Count; i++)
        {
            PromptState prompt = run.Entering[i].Prompt;
            while (prompt.Filled < prompt.Length)
            {
                if (prefill.Count == session.Rows || prefill.Ends == session.Slots)
                {
                    cancellation.ThrowIfCancellationRequested();
                    PassPrompts();
                    DrawFirst(run.Entering, ref drawn, i);
                }
                prompt.Filled += prefill.Add(prompt, Math.Min(session.Rows - prefill.Count, prompt.Length - prompt.Filled));
            }
        }
        PassPrompts();
        DrawFirst(run.Entering, ref drawn, run.Entering.Count);
        KeepLogits(run.Pending.Unended);
        run.Active.AddRange(run.Entering);
        run.Entering.Clear();
        rowsChanged = true;
    }

    void AssignPages(List<DeviceSlot> entering)
    {
        int prompts = 0;
        foreach (DeviceSlot slot in entering)
        {
            PromptState prompt = slot.Prompt;
            if (prompt.Sequence.Count == 0)
            {
                for (int page = 0; page < RequestCheck.PromptPages(prompt.Length); page++)
                    prompt.Sequence.Add(session.Pages.Rent());
                prompt.TableRow = session.Slots + prompts++;
                session.SetPages(prompt.TableRow, prompt.Sequence);
            }
            for (int page = 0; page < prompt.SharedPages; page++)
                slot.Host.Sequence.Add(prompt.Sequence.Pages[page]);
            for (int page = 0; page < needs.OwnPages(prompt.Length); page++)
                slot.Host.Sequence.Add(session.Pages.Rent());
            session.SetPages(slot.Index, slot.Host.Sequence);
        }
        int lowest = entering.Min(slot => slot.Index), highest = entering.Max(slot => slot.Index);
        session.UploadTable(lowest, highest - lowest + 1);
        if (prompts > 0)
            session.UploadTable(session.Slots, prompts);
    }

    void PassPrompts()
    {
        if (prefill.Count == 0)
            return;
        prefillItems.Clear();
        prefill.ListChunks(prefillItems);
        prefillItems.Upload();
        prefill.Upload(device, transformer.Rows);
        transformer.Forward(session.Pass(prefill.Count, prefillItems) with { LogitRows = prefill.Ends, LogitRowOf = transformer.Rows.LogitRowOf });
        prefill.Clear();
    }

    /// <summary>First tokens of the entering samples [<paramref name="drawn"/>, end) whose prompts have passed.</summary>
    void DrawFirst(List<DeviceSlot> entering, ref int drawn, int end)
    {
        draws.Clear();
        for (; drawn < end; drawn++)
            draws.Add(entering[drawn]);
        if (draws.Count == 0)
            return;
        draws.Upload(session);
        SamplingCuda.Draw(device, Sampling(draws.Slots, draws.LogitRows, draws.Count));
    }

    /// <summary>The prompt of which samples still wait keeps its logits behind those of the next passes.</summary>
    void KeepLogits(PromptState? prompt)
    {
        if (prompt is null || prompt.LogitRow == transformer.KeptLogits)
            return;
        long bytes = sizeof(float) * (long)config.Vocabulary;
        device.CopyOnDevice(transformer.Logits + (transformer.KeptLogits * bytes), transformer.Logits + (prompt.LogitRow * bytes), bytes);
        prompt.LogitRow = transformer.KeptLogits;
    }

    Segment? StartSegment(GenerationRun run)
    {
        if (run.Active.Count == 0)
            return null;
        int scheduled = int.MaxValue;
        bool unread = false;
        foreach (DeviceSlot slot in run.Active)
        {
            scheduled = Math.Min(scheduled, slot.Scheduled);
            unread |= slot.Scheduled == 0 && !slot.Announced;
        }
        int steps = Math.Min(settings.MaxTokens - 1 - scheduled, run.Active.Count >= ManyRows ? FewSteps : ManySteps);
        if (steps <= 0 && !unread)
            return null;
        steps = Math.Max(steps, 0);
        if (steps > 0)
            Step(run, steps);
        Segment segment = session.NextSegment();
        segment.Begin(CollectionsMarshal.AsSpan(run.Active), steps, transformer.Errors);
        return segment;
    }

    void Step(GenerationRun run, int steps)
    {
        int rows = (int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)run.Active.Count), (uint)session.Slots);
        if (rowsChanged)
            UploadRows(run.Active, rows);
        rowsChanged = false;
        if (!useGraphs)
        {
            for (int step = 0; step < steps; step++)
                StepOnce(rows);
            return;
        }
        if (listMoves != decodeItems.Moves)
        {
            foreach (IKernelGraph old in graphs.Values)
                old.Dispose();
            graphs.Clear();
            listMoves = decodeItems.Moves;
        }
        int items = decodeItems.Launched;
        if (!graphs.TryGetValue((rows, items), out IKernelGraph? graph))
        {
            graph = device.Capture(() => StepOnce(rows));
            graphs.Add((rows, items), graph);
        }
        for (int step = 0; step < steps; step++)
            graph.Launch();
    }

    /// <summary>Tells the device which samples the rows of a step are, and which of them share chunks.</summary>
    void UploadRows(List<DeviceSlot> active, int rows)
    {
        var slots = new int[rows];
        var firstOwn = new int[rows];
        decodeItems.Clear();
        for (int row = 0; row < rows; row++)
            slots[row] = row < active.Count ? active[row].Index : -1;
        int leastSharers = transformer.AttendsInOneStep(rows, session.MaxPages) ? ManySharers : 2;
        for (int first = 0, end = 0; first < active.Count; first = end)
        {
            PromptState prompt = active[first].Prompt;
            for (end = first; end < active.Count && active[end].Prompt == prompt;)
                end++;
            if (end - first < leastSharers)
                continue;
            Array.Fill(firstOwn, prompt.SharedPages, first, end - first);
            for (int chunk = 0; chunk < prompt.SharedPages; chunk++)
                decodeItems.Add(prompt.Sequence.Pages[chunk], chunk, first, end - first);
        }
        device.CopyToDevice(rowSlots.Start, MemoryMarshal.AsBytes<int>(slots));
        device.CopyToDevice(transformer.Rows.FirstOwnChunk, MemoryMarshal.AsBytes<int>(firstOwn));
        decodeItems.Upload();
    }

    void StepOnce(int rows)
    {
        DecodingCuda.Begin(device, new DecodeBeginParameters
        {
            RowSlots = rowSlots.Start,
            SlotToken = session.State.Token,
            SlotPosition = session.State.Position,
            SlotDone = session.State.Done,
            Tokens = transformer.Rows.Tokens,
            Positions = transformer.Rows.Positions,
            Sequences = transformer.Rows.Sequences,
            Rows = rows,
        });
        transformer.Forward(session.Pass(rows, decodeItems) with { Own = true });
        SamplingCuda.Draw(device, Sampling(rowSlots.Start, default, rows));
    }

    SamplingParameters Sampling(DevicePointer slots, DevicePointer logitRows, int count) => new()
    {
        Logits = transformer.Logits,
        LogitRows = logitRows,
        Slots = slots,
        State = session.State,
        StopTokens = stopTokens!.Start,
        StopTokenCount = settings.StopTokens.Count,
        Errors = transformer.Errors,
        Seed = settings.Seed,
        Temperature = settings.Temperature,
        TopK = settings.TopK,
        TopP = settings.TopP,
        MinP = settings.MinP,
        Vocabulary = config.Vocabulary,
        Count = count,
    };

    /// <summary>Takes what a segment drew; finished samples leave.</summary>
    void Receive(GenerationRun run, Segment segment)
    {
        DrawnTokens drawn = segment.Wait();
        CudaTransformer.RequireFinite(drawn.Errors);
        bool any = false;
        foreach ((int index, int tenant) in segment.Samples)
        {
            DeviceSlot slot = session.InFlight[index];
            if (slot.Tenant != tenant || slot.Host.Append(drawn.Tokens(index), drawn.LogProbabilities(index)) is not { } generation)
                continue;
            Release(slot);
            run.Idle.Push(slot);
            any = true;
            run.Finished(generation);
        }
        if (!any)
            return;
        run.Active.RemoveAll(slot => slot.Host.Prompt is null);
        rowsChanged = true;
    }

    void Release(DeviceSlot slot)
    {
        PromptState prompt = slot.Prompt;
        for (int page = prompt.SharedPages; page < slot.Host.Sequence.Count; page++)
            session.Pages.Return(slot.Host.Sequence.Pages[page]);
        reservedPages -= needs.OwnPages(prompt.Length);
        if (--prompt.Unfinished == 0)
        {
            for (int page = 0; page < prompt.Sequence.Count; page++)
                session.Pages.Return(prompt.Sequence.Pages[page]);
            reservedPages -= RequestCheck.PromptPages(prompt.Length);
            prompt.Dispose();
        }
        slot.End();
    }

    /// <summary>One call of <see cref="Generate"/>.</summary>
    sealed class GenerationRun(IReadOnlyList<GenerationRequest> requests, int vocabulary, Action<Generation> finished)
    {
        public PendingSamples Pending { get; } = new(requests, vocabulary);

        public Stack<DeviceSlot> Idle { get; } = new();

        public List<DeviceSlot> Active { get; } = [];

        public List<DeviceSlot> Entering { get; } = [];

        public Action<Generation> Finished => finished;

        /// <summary>Whether every sample came to its end.</summary>
        public bool Ended { get; set; }
    }
}
