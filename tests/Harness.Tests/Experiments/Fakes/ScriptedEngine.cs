using System.Text;
using System.Text.RegularExpressions;
using Harness.Engines;
using Harness.Kernels.ChatTemplates;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;
using Harness.Kernels.Sampling;
using Harness.Kernels.Tokenizers;
using Harness.Records;
using Harness.Registry;

namespace Harness.Tests.Experiments.Fakes;

/// <summary>A model whose file is its identity, and whose answers are a function of (prompt, seed, problem, sample).</summary>
sealed class ScriptedEngine : IEngine
{
    public string Name => "scripted";

    /// <summary>Everything that the program has, with this engine in place of its own.</summary>
    public Registered Registered => Registered.All with { Engines = [this] };
    public int Generators { get; private set; }
    public int Opened { get; private set; }

    /// <summary>Generators that are not disposed of.</summary>
    public int Loaded { get; set; }
    public int ContextLength { get; init; } = 512;
    public ChatTemplate? ChatTemplate { get; init; }

    /// <summary>Called with each finished sample before it is handed over.</summary>
    public Action<Generation>? BeforeFinished { get; set; }

    /// <summary>What the machine can't give, said when the weights are loaded.</summary>
    public HarnessException? Refusal { get; init; }

    /// <summary>Called when the machine's ceiling is measured.</summary>
    public Action? BeforeMeasuring { get; init; }

    /// <summary>What the generator makes of a sample, as a changed kernel would.</summary>
    public Func<Generation, Generation> Alter { get; set; } = generation => generation;

    public bool IsExact(Precision precision) => true;

    public Checkpoint Open(string location)
    {
        Opened++;
        return new FakeCheckpoint(Hashes.OfFile(location), ContextLength, ChatTemplate);
    }

    public IModelGenerator CreateGenerator(Checkpoint checkpoint, Precision precision, Placement placement)
    {
        Generators++;
        if (Refusal is not null)
            throw Refusal;
        Loaded++;
        return new FakeGenerator(this) { Batch = placement.Batch > 0 ? placement.Batch : 64 };
    }

    public IReadOnlyList<Placement> Share(Placement placement, IReadOnlyList<(ModelConfig Config, Precision Precision)> models) =>
        [.. models.Select(_ => placement)];

    public float[] NextLogits(Checkpoint checkpoint, Precision precision, Placement placement, IReadOnlyList<int> tokens) =>
        [.. Enumerable.Range(0, 128).Select(id => id / 4f)];

    public double? MeasureCeiling(Precision precision, Placement placement)
    {
        BeforeMeasuring?.Invoke();
        return null;
    }

    public IEnergyMeter? OpenEnergyMeter(Placement placement) => null;

    public MachineFacts Describe(Precision precision, Placement placement) => new("cpu", "fake-x1", "portable", 1);
}

sealed class FakeCheckpoint(string hash, int contextLength, ChatTemplate? chat) : Checkpoint
{
    public override ModelConfig Config { get; } = new()
    {
        Architecture = "llama",
        Layers = 1,
        Width = 8,
        Heads = 1,
        KvHeads = 1,
        HeadWidth = 8,
        FeedForward = 16,
        Vocabulary = 128,
        ContextLength = contextLength,
        NormEpsilon = 1e-5f,
        RopeTheta = 10000,
        TiedEmbedding = true,
    };

    public override Tokenizer? Tokenizer { get; } = new CharacterTokenizer();
    public override ChatTemplate? ChatTemplate => chat;
    public override string ContentHash => hash;
    public override void ReadRows(string tensor, int firstRow, Span<float> destination) => throw new InvalidOperationException(tensor);
    public override bool Has(string tensor) => false;
}

/// <summary>A token a character; 0 ends, 1 begins, and 2 and 3 are the tags around thinking, special tokens as the first two.</summary>
sealed class CharacterTokenizer : Tokenizer
{
    public const int OpensThinking = 2, ClosesThinking = 3;

    public override int VocabularySize => 128;
    public override int? BeginOfSequence => 1;
    public override IReadOnlyList<int> EndTokens { get; } = [0];
    public override bool AddsBeginOfSequence => true;
    public override int[] Encode(string text, bool parseSpecial = true) => [.. text.Select(letter => (int)letter)];
    public override ReadOnlySpan<byte> TokenBytes(int id) => id switch
    {
        OpensThinking => "<think>"u8,
        ClosesThinking => "</think>"u8,
        _ => new byte[] { (byte)id },
    };
    public override bool IsSpecial(int id) => id < 4;
    public override string Decode(ReadOnlySpan<int> ids, bool keepSpecial) =>
        string.Concat(ids.ToArray().Where(id => keepSpecial || !IsSpecial(id)).Select(id => Encoding.ASCII.GetString(TokenBytes(id))));
}

/// <summary>Adds up the numbers of the prompt, and errs by one in half of the samples.</summary>
sealed partial class FakeGenerator(ScriptedEngine host) : IModelGenerator
{
    public required int Batch { get; init; }

    public MemoryFit Fits(RequestShape shape) => new(Batch, null);

    public void Generate(
        IReadOnlyList<GenerationRequest> requests, DecodingSettings settings, Action<Generation> finished, CancellationToken cancellation)
    {
        foreach (GenerationRequest request in requests.Reverse())
        {
            foreach (int sample in request.Samples)
            {
                cancellation.ThrowIfCancellationRequested();
                Generation generation = host.Alter(Answer(request, settings, sample));
                host.BeforeFinished?.Invoke(generation);
                finished(generation);
            }
        }
    }

    public void Dispose() => host.Loaded--;

    static Generation Answer(GenerationRequest request, DecodingSettings settings, int sample)
    {
        string prompt = string.Concat(request.Prompt.Select(id => (char)id));
        int total = SignedNumber().Matches(prompt).Sum(match => int.Parse(match.Value.Replace(" ", "")));
        uint draw = settings.Temperature == 0 ? 0 : Philox.Block(settings.Seed, (uint)request.Problem, (uint)sample, 0, 0).X0;
        int[] tokens = [.. $"# {total + (int)(draw % 2)}".Select(letter => (int)letter), 0];
        float[] logprobs = [.. tokens.Select((_, i) => -(float)((draw >> i) % 8) / 8)];
        return new Generation(request.Problem, sample, tokens, logprobs, FinishReason.Stop);
    }

    [GeneratedRegex(@"(?:[-+] )?\d+")]
    private static partial Regex SignedNumber();
}

sealed class BracketChatTemplate : ChatTemplate
{
    public override string Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt) =>
        $"[{messages[0].Role}]{messages[0].Content}[end]";
}

sealed class EmptyChatTemplate : ChatTemplate
{
    public override string Render(IReadOnlyList<ChatMessage> messages, bool addGenerationPrompt) => "";
}
