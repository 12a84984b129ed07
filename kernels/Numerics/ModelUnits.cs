using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Decoding;

namespace Harness.Kernels.Numerics;

/// <summary>Loads a model's weights in a precision.</summary>
public delegate ILanguageModel ModelLoader(Checkpoint checkpoint, Precision precision);

/// <summary>Units of whole models of random weights: small enough for milliseconds, with more than one chunk of keys.</summary>
static class ModelUnits
{
    const string Llama = "synthetic:llama?d=48&layers=2&heads=4&kv=2&head=20&ffn=72&vocab=50&context=128&seed=3";
    const string Qwen2 = "synthetic:qwen2?d=40&layers=1&heads=2&kv=1&head=32&ffn=70&vocab=50&context=128&tied=0&seed=4";
    const string Qwen3 = "synthetic:qwen3?d=64&layers=1&heads=3&kv=3&head=16&ffn=64&vocab=50&context=128&seed=5";
    const string Mixture =
        "synthetic:llama?d=48&layers=2&heads=4&kv=2&head=20&ffn=36&experts=5&active=2&vocab=50&context=128&seed=6";
    const string Weights = "weights of a synthetic model";

    const int Tokens = 70, Piece = 64;

    /// <summary>The shape of the llama.</summary>
    public static ModelConfig Shape => SyntheticShape.Parse(Llama).Config;

    /// <summary>The smallest first, on the CPU.</summary>
    public static IEnumerable<NumericUnit> All =>
    [
        NumericUnit.Single(Weights, "2bde9b38c9535498", [], AddWeights),
        .. Models().Concat(Mixtures()).Select(model => NumericUnit.Vectorised(
            model.Name,
            model.Bits,
            model.Parts,
            (hash, set) => model.Compute(hash, (checkpoint, precision) => OnCpu(checkpoint, precision, set)))),
    ];

    /// <summary>The whole models on another device.</summary>
    public static IEnumerable<NumericUnit> On(string device, ModelLoader load) =>
        Models().Concat(Mixtures()).Select(model => new NumericUnit(
            model.Name, model.Bits, model.Parts, [new UnitForm(device, hash => model.Compute(hash, load))]));

    static IEnumerable<Model> Models()
    {
        foreach ((Precision precision, string logits, string biases, string norms, string samples) in Bits())
        {
            string suffix = precision.ToString().ToLowerInvariant(), prefill = $"prefill of a llama, {suffix}";
            string decoding = $"decoding of a llama, {suffix}";
            string[] parts =
            [
                Weights, OperationUnits.Norm, OperationUnits.Rotary, OperationUnits.Gate, OperationUnits.Linear(precision),
                AttentionUnits.Name(precision),
            ];
            yield return new(prefill, logits, parts, (hash, load) => AddLogits(hash, load, Llama, precision, Piece));
            yield return new(decoding, logits, [prefill], (hash, load) => AddLogits(hash, load, Llama, precision, 1));
            yield return new(
                $"prefill of a qwen2, {suffix}", biases, [prefill], (hash, load) => AddLogits(hash, load, Qwen2, precision, Piece));
            yield return new(
                $"prefill of a qwen3, {suffix}", norms, [prefill], (hash, load) => AddLogits(hash, load, Qwen3, precision, Piece));
            yield return new(
                $"samples of a llama, {suffix}",
                samples,
                [decoding, OperationUnits.Draw],
                (hash, load) => AddSamples(hash, load, precision));
        }
    }

    static IEnumerable<Model> Mixtures()
    {
        foreach ((Precision precision, string bits) in new[] { (Precision.F32, "1302a45fa2d76596"), (Precision.W8A8, "9c8102945a69ca73") })
        {
            string suffix = precision.ToString().ToLowerInvariant(), prefill = $"prefill of a mixture of experts, {suffix}";
            yield return new(
                prefill, bits, [$"prefill of a llama, {suffix}"], (hash, load) => AddLogits(hash, load, Mixture, precision, Piece));
            yield return new(
                $"decoding of a mixture of experts, {suffix}", bits, [prefill],
                (hash, load) => AddLogits(hash, load, Mixture, precision, 1));
        }
    }

    static IEnumerable<(Precision Precision, string Logits, string Biases, string Norms, string Samples)> Bits() =>
    [
        (Precision.F32, "60c134845f1c4279", "6fdbe91925af2d1e", "d73495590eda8475", "064e70025caafb4c"),
        (Precision.W8A8, "ebc7ded6a022cd67", "77bec293db0450b1", "045b2db999c3507b", "f7ba360e90155b79"),
    ];

    static CpuLanguageModel OnCpu(Checkpoint checkpoint, Precision precision, InstructionSet set) =>
        CpuLanguageModel.Load(
            checkpoint, precision, new Placement { Threads = 1, Batch = Piece, Isa = set.ToString(), MemoryBytes = 8 << 20 });

    static void AddWeights(BitHash hash)
    {
        using Checkpoint checkpoint = ModelFiles.Open(Llama);
        ModelConfig config = checkpoint.Config;
        foreach ((string tensor, int values) in new[]
        {
            (TensorNames.Embedding, config.Vocabulary * config.Width), (TensorNames.FinalNorm, config.Width),
            (TensorNames.InLayer(1, "down"), config.Width * config.FeedForward),
        })
        {
            var rows = new float[values];
            checkpoint.ReadRows(tensor, 0, rows);
            hash.AddRange<float>(rows);
        }
    }

    static void AddLogits(BitHash hash, ModelLoader load, string name, Precision precision, int piece)
    {
        using Checkpoint checkpoint = ModelFiles.Open(name);
        using ILanguageModel model = load(checkpoint, precision);
        int[] text = [.. Enumerable.Range(0, Tokens).Select(i => i * 37 % checkpoint.Config.Vocabulary)];
        model.Evaluate(text, (_, logits) => hash.AddRange(logits), piece);
    }

    /// <summary>Samples that share a prompt, one whose prompt fills a page, and filters of every kind.</summary>
    static void AddSamples(BitHash hash, ModelLoader load, Precision precision)
    {
        using Checkpoint checkpoint = ModelFiles.Open(Llama);
        using ILanguageModel model = load(checkpoint, precision);
        using IGenerator generator = model.CreateGenerator();
        GenerationRequest[] requests = [Request(0, 9, 0, 1, 2), Request(5, 64, 4)];
        DecodingSettings settings = new()
        {
            Seed = 7,
            Temperature = 0.9f,
            TopK = 40,
            TopP = 0.95f,
            MinP = 0.01f,
            MaxTokens = 6,
            StopTokens = [3],
        };
        List<Generation> samples = [];
        generator.Generate(requests, settings, samples.Add, CancellationToken.None);
        foreach (Generation sample in samples.OrderBy(sample => (sample.Problem, sample.Sample)))
        {
            hash.AddRange<int>(sample.Tokens);
            hash.AddRange<float>(sample.LogProbabilities);
        }

        static GenerationRequest Request(int problem, int tokens, params int[] samples) => new()
        {
            Problem = problem,
            Prompt = [.. Enumerable.Range(0, tokens).Select(i => ((i * 17) + problem) % 50)],
            Samples = samples,
        };
    }

    /// <summary>A unit before it is known where it runs.</summary>
    sealed record Model(string Name, string Bits, string[] Parts, Action<BitHash, ModelLoader> Compute);
}
