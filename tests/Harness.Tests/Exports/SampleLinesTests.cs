using System.Text.Json;
using Harness.Exports;
using Harness.Kernels.Decoding;
using Harness.Pools;
using Harness.Records;
using Harness.Tests.Comparison.Fakes;

namespace Harness.Tests.Exports;

/// <summary>JSONL: a typed object a sample.</summary>
sealed class SampleLinesTests
{
    static ResultFiles Demo { get; } = ResultFiles.Of("demo", ("think", "10 11"));

    ScratchRepository repository = null!;

    [SetUp]
    public void SetUp() => repository = new ScratchRepository();

    [TearDown]
    public void TearDown() => repository.Dispose();

    ExportedExperiment Read(ResultFiles files)
    {
        repository.Write(files);
        return ExportedExperiment.Read("demo", repository.Root);
    }

    [Test]
    public void A_line_has_every_column_with_its_type_and_the_right_answer() =>
        Assert.That(SampleLines.Of(Read(Demo), null), Is.EqualTo(new[]
        {
            Line(0, 0, "answer 0", "true"), Line(0, 1, "wrong", "false"), Line(1, 0, "answer 1", "true"), Line(1, 1, "answer 1", "true"),
        }));

    static string Line(int problem, int sample, string answer, string correct)
    {
        string hash = Demo.Samples.Single(row => (row.Problem, row.Sample) == (problem, sample)).TokensHash;
        return ($"{{'experiment':'demo','pool':'think','problem':{problem},'sample':{sample},'difficulty':3,'prompt_tokens':5,'tokens':7,"
            + $"'finish':'stop','answer':'{answer}','correct':{correct},'logprob':-1.5,'tokens_hash':'{hash}','gold':'answer {problem}',"
            + "'rewards':{}}").Replace('\'', '"');
    }

    [Test]
    public void What_a_file_leaves_empty_is_null()
    {
        ResultFiles recorded = Demo.With("think", 0, 0, row => row with
        {
            PromptTokens = null,
            Tokens = null,
            Finish = "",
            Answer = "",
            Logprob = null,
            TokensHash = "",
        }) with
        { Problems = [] };
        JsonElement line = JsonDocument.Parse(SampleLines.Of(Read(recorded), null).First()).RootElement;
        string[] absent = ["prompt_tokens", "tokens", "finish", "answer", "logprob", "tokens_hash", "gold"];
        Assert.That(line.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.Null).Select(member => member.Name),
            Is.EqualTo(absent));
    }

    [Test]
    public void Rewards_stand_by_their_verifier()
    {
        ResultFiles scored = Demo with
        {
            Rewards =
            [
                new RewardRow { Pool = "think", Problem = 0, Sample = 1, Verifier = "length", Reward = 0.25 },
                new RewardRow { Pool = "think", Problem = 0, Sample = 1, Verifier = "steps", Reward = -3 },
            ],
        };
        string[] lines = [.. SampleLines.Of(Read(scored), null)];
        Assert.That(lines[1], Does.EndWith(",\"rewards\":{\"length\":0.25,\"steps\":-3}}"));
        Assert.That(lines[0], Does.EndWith(",\"rewards\":{}}"));
    }

    [Test]
    public void Texts_are_those_of_the_same_tokens()
    {
        string artifacts = repository.Beside("artifacts");
        Directory.CreateDirectory(artifacts);
        int[] tokens = [4, 2];
        ResultFiles kept = Demo.With("think", 0, 0, row => row with { TokensHash = Hashes.OfTokens(tokens) });
        using (GenerationLog log = GenerationLog.Open(Path.Combine(artifacts, "think.generations"), new string('0', 64)))
        {
            log.Append(new LoggedGeneration(new Generation(0, 0, tokens, [-1, -1], FinishReason.Stop), "a \"text\"\n"));
            log.Append(new LoggedGeneration(new Generation(0, 1, tokens, [-1, -1], FinishReason.Stop), "of other tokens"));
        }
        ExportedExperiment experiment = Read(kept);
        SampleTexts texts = new(artifacts, experiment.Files.Samples.Samples);
        Assert.That(texts.Count, Is.EqualTo(1));
        string[] lines = [.. SampleLines.Of(experiment, texts).Take(2)];
        Assert.That(lines.Select(line => line[line.LastIndexOf(",\"text\"", StringComparison.Ordinal)..]),
            Is.EqualTo(new[] { ",\"text\":\"a \\\"text\\\"\\n\"}", ",\"text\":null}" }));
        Assert.That(new SampleTexts(repository.Beside("none"), experiment.Files.Samples.Samples).Count, Is.Zero);
    }
}
