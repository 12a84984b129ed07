using Harness.Kernels.KvCache;

namespace Harness.Kernels.Decoding;

/// <summary>
/// Which samples of one call wait and which are in flight. A sample starts when a place is free and the pages that it may come to need are:
/// they are reserved until it ends, so no page is ever missing. The samples of a prompt share its pages.
/// </summary>
/// <typeparam name="TSlot">A place for a sample in flight.</typeparam>
sealed class Admission<TSlot> : IDisposable where TSlot : DecodingSlot
{
    readonly RequestCheck needs;
    readonly AnswerEnd end;
    readonly PagePool pages;
    readonly PendingSamples pending;
    readonly IReadOnlyList<TSlot> places;
    readonly Stack<TSlot> idle;
    int reserved;

    /// <param name="requests">The samples that are wanted.</param>
    /// <param name="needs">Says how many pages they need.</param>
    /// <param name="end">Where answers end.</param>
    /// <param name="pages">Where their pages come from; only pages that are free now are used.</param>
    /// <param name="places">As many as samples may be in flight, all free.</param>
    public Admission(
        IReadOnlyList<GenerationRequest> requests, RequestCheck needs, AnswerEnd end, PagePool pages, IReadOnlyList<TSlot> places)
    {
        this.needs = needs;
        this.end = end;
        this.pages = pages;
        this.places = places;
        reserved = pages.Capacity - pages.Available;
        pending = new PendingSamples(requests, needs.Config.Vocabulary);
        idle = new Stack<TSlot>(places.Reverse());
    }

    /// <summary>Samples that have started and have no token yet.</summary>
    public List<TSlot> Entering { get; } = [];

    /// <summary>Samples that are being drawn.</summary>
    public List<TSlot> Active { get; } = [];

    /// <summary>Whether a sample waits or is being drawn.</summary>
    public bool HasWork => Active.Count > 0 || !pending.IsEmpty;

    /// <summary>The prompt of which some samples have started and others still wait; null where there is none.</summary>
    public PromptState? PartlyStarted => pending.PartlyStarted;

    /// <summary>Starts waiting samples, in the order of the requests, up to the first for which places or pages are missing.</summary>
    public void Admit()
    {
        while (!pending.IsEmpty && idle.TryPeek(out TSlot? slot))
        {
            int length = pending.PromptLength;
            int needed = needs.OwnPages(length) + (pending.StartsPrompt ? RequestCheck.PromptPages(length) : 0);
            if (reserved + needed > pages.Capacity)
                return;
            reserved += needed;
            idle.Pop();
            (PromptState prompt, int sample) = pending.Take();
            slot.Start(prompt, sample, end);
            Entering.Add(slot);
        }
    }

    /// <summary>Ends a sample: its place and its pages are free for the next, and so are its prompt's once no sample needs them.</summary>
    public void Release(TSlot slot)
    {
        PromptState prompt = slot.Prompt!;
        pages.Release(slot.Sequence);
        reserved -= needs.OwnPages(prompt.Length);
        if (--prompt.Unfinished == 0)
        {
            pages.Release(prompt.Sequence);
            reserved -= RequestCheck.PromptPages(prompt.Length);
            prompt.Dispose();
        }
        slot.End();
        idle.Push(slot);
    }

    /// <summary>Gives back all pages of what an exception left unfinished.</summary>
    public void Dispose()
    {
        foreach (TSlot slot in places.Where(slot => slot.Prompt is not null))
        {
            pages.Release(slot.Sequence);
            slot.End();
        }
        foreach (PromptState prompt in pending.Started)
        {
            pages.Release(prompt.Sequence);
            prompt.Dispose();
        }
    }
}
