using Harness.Identity;
using Harness.Kernels;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Driver;
using Harness.Kernels.Models;
using Harness.Kernels.Tokenizers;
using Harness.Registry;
using Harness.Samples;
using Harness.Tasks;
using Harness.Tasks.Prompts;

namespace Harness.Measurement;

/// <summary>What a comparison of precisions runs.</summary>
/// <param name="Samples">Decoded together when speed is measured; also the problems that are asked.</param>
/// <param name="Tokens">Length of each sample when speed is measured, and of each text; 2 or more.</param>
/// <param name="Texts">How many texts the model writes, on whose tokens predictions are compared.</param>
public sealed record PrecisionSettings(int Samples, int Tokens, int Texts);

/// <summary>One precision on one device.</summary>
/// <param name="Class">"exact" for the same bytes everywhere, else "measured".</param>
/// <param name="TokensPerSecond">Decoding speed: the median over the turns, with the lowest and the highest.</param>
/// <param name="Task">The task whose problems were asked, one greedy answer each; null where the model was trained on no built-in
/// task.</param>
/// <param name="Right">How many of <paramref name="Problems"/> were answered rightly.</param>
/// <param name="Divergence">Mean KL from float32 in nats a token.</param>
/// <param name="SameBest">Share of tokens where float32's best guess is this precision's too.</param>
public sealed record PrecisionRow(
    string Precision, string Class, double TokensPerSecond, double TokensPerSecondLow, double TokensPerSecondHigh,
    string? Task, int? Right, int? Problems, double Divergence, double SameBest)
{
    public double? Accuracy => Right / (double?)Problems;
}

/// <summary>Speed, accuracy and distance from float32 of each precision that a device runs, for one model.</summary>
public sealed class PrecisionComparison(ModelLocation location, Placement placement, PrecisionSettings settings)
{
    static readonly StoppingRule Turns = new() { FewestRuns = 3, MostRuns = 9, Share = TimeSpan.FromSeconds(10), Spread = 0.03 };

    public IReadOnlyList<PrecisionRow> Measure(CancellationToken cancellation)
    {
        string device = LanguageModels.Resolve(placement.Device);
        using Checkpoint checkpoint = ModelFiles.Open(location.Opens);
        Questions? questions = Questions.Find(checkpoint, settings.Samples);
        Placement placed = placement with { Device = device, Batch = settings.Samples };
        List<OwnText> texts = [];
        using (ILanguageModel single = LanguageModels.Load(checkpoint, Precision.F32, placed))
            texts.AddRange(WriteTexts(single, questions, cancellation));
        List<PrecisionRow> rows = [];
        foreach (Precision precision in Precisions.Of(CudaDevices.Names(device)))
        {
            using ILanguageModel model = LanguageModels.Load(checkpoint, precision, placed);
            rows.Add(Measure(model, questions, texts, cancellation));
        }
        return rows;
    }

    PrecisionRow Measure(ILanguageModel model, Questions? questions, List<OwnText> texts, CancellationToken cancellation)
    {
        using IGenerator generator = model.CreateGenerator();
        int[] prompt = Prompts(model.Checkpoint, questions)[0];
        Measured rates =
            Measured.Of(new MeasurementLoop(Turns).Repeat(token => Rate(generator, prompt, token), rate => [rate], cancellation));
        int? right = questions?.CountRight(generator, cancellation);
        double divergence = 0;
        long same = 0, positions = 0;
        foreach (OwnText text in texts)
        {
            cancellation.ThrowIfCancellationRequested();
            model.Evaluate(text.Tokens, (position, logits) =>
            {
                divergence += LogitDivergence.Between(text.Logits[position], logits);
                same += LogitDivergence.Best(text.Logits[position]) == LogitDivergence.Best(logits) ? 1 : 0;
                positions++;
            });
        }
        return new PrecisionRow(
            ExperimentKey.PrecisionName(model.Precision), Precisions.Exact.Contains(model.Precision) ? "exact" : "measured",
            rates.Median, rates.Low, rates.High, questions?.Name, right, questions?.Count,
            divergence / positions, (double)same / positions);
    }

    /// <summary>Tokens a second of decoding: what a generation takes beyond its first token.</summary>
    double Rate(IGenerator generator, int[] prompt, CancellationToken cancellation) => (double)settings.Samples * (settings.Tokens - 1)
        / TimedGeneration.DecodingSeconds(generator, prompt, settings.Samples, settings.Tokens, cancellation);

    /// <summary>Texts that the model goes on to write in float32 at temperature 1, and what it predicts at each of their tokens.</summary>
    IEnumerable<OwnText> WriteTexts(ILanguageModel single, Questions? questions, CancellationToken cancellation)
    {
        using IGenerator generator = single.CreateGenerator();
        int[][] prompts = Prompts(single.Checkpoint, questions);
        int longest = prompts.Max(prompt => prompt.Length);
        DecodingSettings decoding = new()
        {
            Seed = 1,
            Temperature = 1,
            MaxTokens = Math.Min(settings.Tokens, single.Checkpoint.Config.ContextLength - longest),
            StopTokens = single.Checkpoint.Tokenizer?.EndTokens ?? [],
        };
        List<Generation> written = [];
        generator.Generate(
            [.. Enumerable.Range(0, settings.Texts)
                .Select(i => new GenerationRequest { Problem = i, Prompt = prompts[i % prompts.Length], Samples = [i] })],
            decoding, written.Add, cancellation);
        foreach (Generation text in written.OrderBy(text => text.Problem))
        {
            int[] tokens = [.. prompts[text.Problem % prompts.Length], .. text.Tokens];
            var logits = new float[tokens.Length][];
            single.Evaluate(tokens, (position, values) => logits[position] = values.ToArray());
            yield return new OwnText(tokens, logits);
        }
    }

    /// <summary>
    /// The prompts of the questions; where there are none, prompts of one token each, the begin token or any of the vocabulary.
    /// </summary>
    int[][] Prompts(Checkpoint checkpoint, Questions? questions)
    {
        if (questions is not null)
            return questions.Prompts;
        return checkpoint.Tokenizer?.BeginOfSequence is { } begin
            ? [[begin]]
            : [.. TimedGeneration.Prompt(settings.Texts, checkpoint.Config.Vocabulary).Select(token => new[] { token })];
    }

    sealed record OwnText(int[] Tokens, float[][] Logits);

    /// <summary>
    /// Problems of a built-in task that the model was trained on: its tokenizer has a token for each of the prompt's words.
    /// </summary>
    sealed class Questions
    {
        readonly ITask task;
        readonly DecodingSettings decoding;
        readonly AnswerDecoder decoder;

        Questions(TaskDefinition definition, ITask task, int[][] prompts, Checkpoint checkpoint)
        {
            Name = definition.Name;
            this.task = task;
            Prompts = prompts;
            Tokenizer tokenizer = checkpoint.Tokenizer!;
            decoder = new AnswerDecoder(tokenizer, ThinkTags.Of(checkpoint.ChatTemplate?.Source));
            int room = checkpoint.Config.ContextLength - prompts.Max(prompt => prompt.Length);
            int most = Math.Min(definition.DefaultMaxTokens, room);
            decoding = new DecodingSettings { Seed = 1, Temperature = 0, MaxTokens = most, StopTokens = tokenizer.EndTokens };
        }

        public string Name { get; }

        public int[][] Prompts { get; }

        public int Count => Prompts.Length;

        public static Questions? Find(Checkpoint checkpoint, int problems)
        {
            if (checkpoint.Tokenizer is not { } tokenizer)
                return null;
            foreach (string name in new[] { "sum", "countdown" })
            {
                TaskDefinition definition = TaskRegistry.Find(name);
                ITask task = definition.Create(new TaskSettings { Seed = 1, Problems = problems });
                IReadOnlyList<string> texts = PromptTemplate.Load(name, "think", null).Render(task);
                if (texts.All(text => IsWords(tokenizer, text)))
                    return new Questions(
                        definition, task, [.. texts.Select(text => tokenizer.EncodePrompt(text))], checkpoint);
            }
            return null;
        }

        /// <summary>Right answers of greedy decoding.</summary>
        public int CountRight(IGenerator generator, CancellationToken cancellation)
        {
            int right = 0;
            generator.Generate(
                [.. Prompts.Select((prompt, i) => new GenerationRequest { Problem = i, Prompt = prompt, Samples = [0] })], decoding,
                answer =>
                {
                    Problem problem = task.Problems[answer.Problem];
                    right += task.IsCorrect(problem, task.ExtractAnswer(problem, decoder.Judged(answer))) ? 1 : 0;
                },
                cancellation);
            return right;
        }

        static bool IsWords(Tokenizer tokenizer, string text)
        {
            try
            {
                return tokenizer.Encode(text).Length == text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
            }
            catch (HarnessException unknown) when (unknown.Diagnostic == KernelCodes.WordOutsideVocabulary)
            {
                return false;
            }
        }
    }
}
