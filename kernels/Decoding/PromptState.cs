using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.KvCache;

namespace Harness.Kernels.Decoding;

/// <summary>A prompt whose samples are being drawn: its keys and values, computed once, and the logits of its last position.</summary>
sealed class PromptState : IDisposable
{
    readonly int vocabulary;
    NativeBuffer<float>? logits;

    public PromptState(GenerationRequest request, int vocabulary)
    {
        Request = request;
        this.vocabulary = vocabulary;
        Sequence = new SequencePages(PageSize.PagesFor(request.Prompt.Count));
        Unfinished = request.Samples.Count;
    }

    public GenerationRequest Request { get; }

    public SequencePages Sequence { get; }

    /// <summary>[vocabulary], taken when first asked for: a GPU keeps its own.</summary>
    public NativeBuffer<float> Logits => logits ??= new NativeBuffer<float>(vocabulary);

    /// <summary>Tokens passed through the model so far.</summary>
    public int Filled { get; set; }

    /// <summary>Samples that have not ended yet.</summary>
    public int Unfinished { get; set; }

    /// <summary>On a device: its row of the page tables while it passes the model.</summary>
    public int TableRow { get; set; }

    /// <summary>On a device: the row of the logits that its samples' first tokens are drawn from.</summary>
    public int LogitRow { get; set; } = -1;

    /// <summary>Its tokens.</summary>
    public int Length => Request.Prompt.Count;

    /// <summary>Pages that the prompt fills, which every sample reads.</summary>
    public int FullPages => Length / PageSize.Tokens;

    public void Dispose() => logits?.Dispose();
}
