using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Decoding;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.KvCache;
using Kernels.Tests.Models;

namespace Kernels.Tests.Decoding;

public class CpuGeneratorTests
{
    static readonly DecodingSettings Settings = new() { Seed = 7, Temperature = 0.9f, MaxTokens = 70, StopTokens = [3, 9] };

    static readonly GenerationRequest[] Requests =
    [
        new() { Problem = 0, Prompt = Prompt(5), Samples = [0, 1, 2, 3, 4] },
        new() { Problem = 4, Prompt = Prompt(64), Samples = [0, 7] },
        new() { Problem = 5, Prompt = Prompt(100), Samples = [2, 3, 1] },
        new() { Problem = 9, Prompt = Prompt(140), Samples = [0] },
    ];

    static IEnumerable<TestCaseData> Models()
    {
        foreach (Precision precision in Precisions.Exact)
        {
            ModelConfig dense = RandomCheckpoint.Shape();
            yield return new TestCaseData(precision, dense).SetArgDisplayNames($"{precision}", "dense");
            ModelConfig mixture = dense with { FeedForward = 48, Experts = new ExpertShape { Count = 7, Active = 3, Normalised = true } };
            yield return new TestCaseData(precision, mixture).SetArgDisplayNames($"{precision}", "experts, workers apart");
            ModelConfig wide = dense with { FeedForward = 280, Experts = mixture.Experts with { SharedFeedForward = 100 } };
            yield return new TestCaseData(precision, wide).SetArgDisplayNames($"{precision}", "experts, workers together");
        }
    }

    [TestCaseSource(nameof(Models))]
    public void A_sample_depends_on_its_problem_and_index_alone(Precision precision, ModelConfig config)
    {
        using var checkpoint = new RandomCheckpoint(config);
        List<Generation> alone = [];
        foreach (GenerationRequest request in Requests)
        {
            foreach (int sample in request.Samples)
                alone.AddRange(
                    Generate(
                        checkpoint, precision, new Placement { Threads = 1, Batch = 1 }, Settings, request with { Samples = [sample] }));
        }
        foreach ((int batch, int threads) in new[] { (1, 2), (3, 1), (17, 2), (64, 3) })
        {
            List<Generation> together =
                Generate(checkpoint, precision, new Placement { Threads = threads, Batch = batch }, Settings, Requests);
            AssertSame(together, alone);
        }
    }

    [Test]
    public void A_small_memory_gives_the_same_samples()
    {
        using var checkpoint = new RandomCheckpoint(RandomCheckpoint.Shape());
        long page = KvCacheCpu.BytesOfPage(checkpoint.Config, Precision.W8A8);
        List<Generation> roomy = Generate(checkpoint, Precision.W8A8, new Placement { Threads = 2, Batch = 8 }, Settings, Requests);
        long least = MemoryFor(checkpoint.Config, 8) + (8 * page);
        List<Generation> tight =
            Generate(checkpoint, Precision.W8A8, new Placement { Threads = 2, Batch = 8, MemoryBytes = least }, Settings, Requests);
        AssertSame(tight, roomy);
    }

    [Test]
    public void Greedy_samples_of_a_problem_are_equal_and_take_the_best_token()
    {
        using var checkpoint = new RandomCheckpoint(RandomCheckpoint.Shape());
        List<Generation> samples =
            Generate(checkpoint, Precision.F32, new Placement { Threads = 2 }, Settings with { Temperature = 0 }, Requests[0]);
        Assert.That(samples.Select(sample => sample.Tokens), Is.All.EqualTo(samples[0].Tokens));
        using var model = CpuLanguageModel.Load(checkpoint, Precision.F32, new Placement { Threads = 1 });
        int[] text = [.. Requests[0].Prompt, .. samples[0].Tokens];
        model.Evaluate(text, (position, logits) =>
        {
            if (position >= 4 && position < text.Length - 1)
                Assert.That(text[position + 1], Is.EqualTo(logits.IndexOf(logits.ToArray().Max())));
        });
    }

    [Test]
    public void Logprobs_are_those_of_the_full_softmax_at_temperature_one()
    {
        using var checkpoint = new RandomCheckpoint(RandomCheckpoint.Shape());
        Generation sample = Generate(checkpoint, Precision.F32, new Placement { Threads = 2 }, Settings with { TopK = 5 }, Requests[1])[0];
        using var model = CpuLanguageModel.Load(checkpoint, Precision.F32, new Placement { Threads = 1 });
        int[] text = [.. Requests[1].Prompt, .. sample.Tokens];
        model.Evaluate(text, (position, logits) =>
        {
            int i = position - 63;
            if (i < 0 || i >= sample.Tokens.Length)
                return;
            double top = logits.ToArray().Max();
            double expected = logits[sample.Tokens[i]] - top - Math.Log(logits.ToArray().Sum(logit => Math.Exp(logit - top)));
            Assert.That(sample.LogProbabilities[i], Is.EqualTo(expected).Within(1e-5));
        });
    }

    [Test]
    public void An_end_token_ends_a_sample_and_belongs_to_it()
    {
        using var checkpoint = new RandomCheckpoint(RandomCheckpoint.Shape());
        int[] stops = Enumerable.Range(0, 131).Where(token => token % 20 == 0).ToArray();
        List<Generation> samples = Generate(
            checkpoint, Precision.W8A8, new Placement { Threads = 2 }, Settings with { StopTokens = stops, Temperature = 2 }, Requests);
        Assert.That(samples.Select(sample => sample.Finish).Distinct(), Has.Member(FinishReason.Stop).And.Member(FinishReason.Length));
        foreach (Generation sample in samples)
        {
            Assert.That(stops.Contains(sample.Tokens[^1]), Is.EqualTo(sample.Finish == FinishReason.Stop));
            Assert.That(sample.Tokens[..^1].Any(stops.Contains), Is.False);
            if (sample.Finish == FinishReason.Length)
                Assert.That(sample.Tokens, Has.Length.EqualTo(70));
        }
    }

    [Test]
    public void A_prompt_that_leaves_no_room_for_its_answer_is_refused()
    {
        using var checkpoint = new RandomCheckpoint(RandomCheckpoint.Shape());
        var error = Assert.Throws<HarnessException>(() =>
            Generate(
                checkpoint,
                Precision.W8A8,
                new Placement(),
                Settings,
                new GenerationRequest { Problem = 1, Prompt = Prompt(443), Samples = [0] }));
        Assert.That(error!.Diagnostic, Is.EqualTo(KernelCodes.PromptTooLong));
    }

    [Test]
    public void The_most_tokens_that_can_be_asked_for_are_refused_before_memory_is_taken()
    {
        using var checkpoint = new RandomCheckpoint(RandomCheckpoint.Shape());
        AssertRefused(checkpoint, Settings with { MaxTokens = int.MaxValue }, Requests[0], KernelCodes.PromptTooLong);
    }

    [Test]
    public void An_empty_prompt_is_refused_with_its_problem()
    {
        using var checkpoint = new RandomCheckpoint(RandomCheckpoint.Shape());
        HarnessException error =
            AssertRefused(checkpoint, Settings, new() { Problem = 17, Prompt = [], Samples = [0] }, KernelCodes.EmptyPrompt);
        Assert.That(error.Message, Does.Contain("problem 17"));
    }

    [TestCase(float.PositiveInfinity)]
    [TestCase(float.NaN)]
    [TestCase(-1f)]
    [TestCase(0.0009f)]
    [TestCase(100.01f)]
    public void A_temperature_that_can_not_be_drawn_at_is_refused(float temperature)
    {
        using var checkpoint = new RandomCheckpoint(RandomCheckpoint.Shape());
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            Generate(checkpoint, Precision.F32, new Placement { Threads = 1 }, Settings with { Temperature = temperature }, Requests[0]));
    }

    [TestCase(0f)]
    [TestCase(0.001f)]
    [TestCase(100f)]
    public void The_ends_of_the_range_of_temperatures_are_drawn_at(float temperature)
    {
        using var checkpoint = new RandomCheckpoint(RandomCheckpoint.Shape());
        List<Generation> samples = Generate(
            checkpoint,
            Precision.F32,
            new Placement { Threads = 1 },
            Settings with { Temperature = temperature, MaxTokens = 4 },
            Requests[0]);
        Assert.That(samples.SelectMany(sample => sample.Tokens), Is.All.InRange(0, 130));
    }

    [Test]
    public void One_token_is_generated_where_one_is_asked_for()
    {
        using var checkpoint = new RandomCheckpoint(RandomCheckpoint.Shape());
        List<Generation> whole =
            Generate(checkpoint, Precision.F32, new Placement { Threads = 2 }, Settings with { StopTokens = [] }, Requests);
        List<Generation> single = Generate(
            checkpoint,
            Precision.F32,
            new Placement { Threads = 2, Batch = 3 },
            Settings with { StopTokens = [], MaxTokens = 1 },
            Requests);
        AssertSame(single, [.. whole.Select(sample => sample with
        {
            Tokens = sample.Tokens[..1], LogProbabilities = sample.LogProbabilities[..1], Finish = FinishReason.Length,
        })]);
    }

    [Test]
    public void A_request_without_samples_changes_nothing()
    {
        using var checkpoint = new RandomCheckpoint(RandomCheckpoint.Shape());
        GenerationRequest empty = Requests[2] with { Problem = 6, Samples = [] };
        AssertSame(
            Generate(
                checkpoint,
                Precision.W8A8,
                new Placement { Threads = 2 },
                Settings,
                [empty, Requests[0], empty, empty, Requests[1], empty]),
            Generate(checkpoint, Precision.W8A8, new Placement { Threads = 2 }, Settings, Requests[0], Requests[1]));
    }

    [Test]
    public void Cancellation_is_heeded_between_the_passes_of_a_prompt()
    {
        using var checkpoint = new CancellingCheckpoint(RandomCheckpoint.Shape());
        using var model = CpuLanguageModel.Load(checkpoint, Precision.W8A8, new Placement { Threads = 1, Batch = 1 });
        using var generator = new CpuGenerator(model);
        GenerationRequest request = new() { Problem = 0, Prompt = Prompt(300), Samples = [0] };
        Assert.Throws<OperationCanceledException>(() => generator.Generate([request], Settings, _ => { }, checkpoint.Cancellation.Token));
        Assert.That(checkpoint.Embedded, Is.EqualTo(model.Plan.Rows), "the pass in progress ends, and no other begins");
    }

    [Test]
    public void After_a_cancelled_run_the_generator_has_all_its_memory_again()
    {
        using var checkpoint = new RandomCheckpoint(RandomCheckpoint.Shape());
        using var model = CpuLanguageModel.Load(checkpoint, Precision.W8A8, new Placement { Threads = 2, Batch = 4 });
        using var generator = new CpuGenerator(model);
        using var cancellation = new CancellationTokenSource();
        Assert.Throws<OperationCanceledException>(
            () => generator.Generate(Requests, Settings, _ => cancellation.Cancel(), cancellation.Token));
        Assert.That(model.Transformer.Cache.Available, Is.EqualTo(model.Transformer.Cache.Capacity));
        List<Generation> again = [];
        generator.Generate(Requests, Settings, again.Add, CancellationToken.None);
        AssertSame(again, Generate(checkpoint, Precision.W8A8, new Placement { Threads = 1 }, Settings, Requests));
    }

    static HarnessException AssertRefused(
        RandomCheckpoint checkpoint, DecodingSettings settings, GenerationRequest request, Diagnostic code)
    {
        HarnessException error =
            Assert.Throws<HarnessException>(() => Generate(checkpoint, Precision.W8A8, new Placement { Threads = 1 }, settings, request))!;
        Assert.That(error.Diagnostic, Is.EqualTo(code));
        return error;
    }

    static int[] Prompt(int length) => Enumerable.Range(0, length).Select(i => ((i * i) + length) % 131).ToArray();

    static long MemoryFor(ModelConfig config, int batch) =>
        Enumerable.Range(1, 1000).Select(megabytes => megabytes * 65536L).First(bytes => MemoryPlanFits(config, batch, bytes));

    static bool MemoryPlanFits(ModelConfig config, int batch, long bytes)
    {
        try
        {
            return MemoryPlan.For(
                config,
                Precision.W8A8,
                new Placement { Batch = batch, MemoryBytes = bytes, Threads = 2 },
                InstructionSets.Choose("auto", Precision.W8A8)).Batch == batch;
        }
        catch (HarnessException)
        {
            return false;
        }
    }

    static List<Generation> Generate(
        RandomCheckpoint checkpoint,
        Precision precision,
        Placement placement,
        DecodingSettings settings,
        params GenerationRequest[] requests)
    {
        using var model = CpuLanguageModel.Load(checkpoint, precision, placement);
        using var generator = new CpuGenerator(model);
        List<Generation> samples = [];
        generator.Generate(requests, settings, samples.Add, CancellationToken.None);
        Assert.That(samples, Has.Count.EqualTo(requests.Sum(request => request.Samples.Count)));
        return samples;
    }

    static void AssertSame(List<Generation> actual, List<Generation> expected)
    {
        Assert.That(actual, Has.Count.EqualTo(expected.Count));
        foreach (Generation one in expected)
        {
            Generation other = actual.Single(sample => sample.Problem == one.Problem && sample.Sample == one.Sample);
            Assert.That(other.Tokens, Is.EqualTo(one.Tokens), $"problem {one.Problem}, sample {one.Sample}");
            Assert.That(other.LogProbabilities, Is.EqualTo(one.LogProbabilities));
            Assert.That(other.Finish, Is.EqualTo(one.Finish));
        }
    }
}
