using System.Security.Cryptography;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Cpu;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Training;
using Harness.Manifests;
using Harness.Records;
using Harness.Results;
using Harness.Training;

namespace Harness.Tests.Training;

[TestFixture]
sealed class ModelTrainingTests
{
    static readonly TrainManifest Tiny =
        TrainingExperiments.Train(TrainingExperiments.Think, TrainingExperiments.Direct, TrainingExperiments.Tiny);

    string folder = null!;

    [SetUp]
    public void CreateFolder() => folder = Directory.CreateTempSubdirectory("harness-training-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(folder, recursive: true);

    TrainedModel Run(TrainManifest train, Placement? placement = null, string under = "whole", long stopAfter = 0,
        Action<TrainingStatus>? report = null, SharedTrunk? trunk = null, CancellationToken cancellation = default) =>
        new ModelTraining(train, TrainingExperiments.Data(train), placement ?? new Placement(), Path.Combine(folder, under), "run", trunk)
            .Run(stopAfter, report ?? (_ => { }), cancellation);

    static string Bytes(TrainedModel model)
    {
        byte[] all = [.. TrainingTable.Csv.Write(model.Rows), .. ValidationTable.Csv.Write(model.Validation),
            .. model.Files.SelectMany(file => file.Content)];
        return Convert.ToHexStringLower(SHA256.HashData(all));
    }

    [Test]
    public void It_learns_and_says_how()
    {
        TrainedModel model = Run(Tiny);
        Assert.That(model.Rows.Select(row => row.Step), Is.EqualTo(new[] { 1, 5, 10, 15, 20, 25, 30 }));
        Assert.That(model.Rows[^1].Loss, Is.LessThan(model.Rows[0].Loss - 0.5));
        Assert.That(model.Rows.Where(row => row.ValidationLoss is not null).Select(row => row.Step), Is.EqualTo(new[] { 20, 30 }));
        Assert.That(model.Rows.Where(row => row.Weights.Length == 64).Select(row => row.Step), Is.EqualTo(new[] { 1, 5, 10, 20, 30 }));
        TrainingRow last = model.Rows[^1];
        Assert.That(last.Tokens, Is.InRange(25_000, 30_000));
        Assert.That(last.LossTokens, Is.LessThan(last.Tokens));
        Assert.That(last.SeenBefore, Is.InRange(1, last.Sequences - 1));
        Assert.That(last.FlopsWithoutHead, Is.LessThan(last.Flops));
        Assert.That(model.Rows[1].LearningRate, Is.EqualTo(1e-2));
        Assert.That(last.LearningRate, Is.LessThan(2e-3));
        double total = model.Validation.Where(row => row.Step == 30).Sum(row => row.Loss * row.LossTokens)
            / model.Validation.Where(row => row.Step == 30).Sum(row => row.LossTokens);
        Assert.That(last.ValidationLoss, Is.EqualTo(total));
        Assert.That(model.Validation.Select(row => row.Data).Distinct(), Is.EqualTo(new[] { "think", "direct" }));
    }

    static readonly TrainManifest Mixture = TrainingExperiments.Train(TrainingExperiments.Think, TrainingExperiments.Direct,
        TrainingExperiments.Tiny.Replace("ffn=32", "ffn=16;experts=6;active=2").Replace("30k", "40k"));

    [Test]
    public void A_mixture_of_experts_learns_and_is_a_mixtral_with_the_weights_of_its_last_row()
    {
        TrainedModel model = Run(Mixture);
        Assert.That(model.Rows[^1].Loss, Is.LessThan(model.Rows[0].Loss - 0.5));
        Assert.That(Mixture.BalanceLoss, Is.EqualTo(0.01));
        string place = Path.Combine(folder, "whole", "tiny");
        using Checkpoint read = ModelFiles.Open(place);
        Assert.That(read.Config.Architecture, Is.EqualTo("mixtral"));
        Assert.That(read.Config.Experts, Is.EqualTo(new ExpertShape { Count = 6, Active = 2, Normalised = true }));
        Assert.That(File.ReadAllText(Path.Combine(place, "config.json")), Does.Contain("\"router_aux_loss_coef\": 0.01"));
        using CpuTrainer again = CpuTrainer.Create(read, Mixture.Optimizer, new TrainingPlacement { Threads = 1 });
        Assert.That(again.WeightsHash(), Is.EqualTo(model.Rows[^1].Weights));
        Assert.That(TrainingResults.Facts(model.Shape), Is.EqualTo(
            "mixtral, 1 layer of width 16, 6 experts of which a token passes 2, 7,824 parameters (4,752 active)"));
    }

    [Test]
    public void A_mixture_of_experts_has_the_same_bytes_wherever_it_is_trained_and_however_often_it_is_killed()
    {
        string expected = Bytes(Run(Mixture));
        foreach (InstructionSet isa in InstructionSets.Supported)
        {
            Placement placement = new() { Threads = 1 + (int)isa % 4, Isa = isa.ToString().ToLowerInvariant() };
            Assert.That(Bytes(Run(Mixture, placement, $"{isa}")), Is.EqualTo(expected), $"{placement}");
        }
        foreach (int step in new[] { 3, 31 })
        {
            using CancellationTokenSource interrupt = new();
            Assert.That(() => Run(Mixture, under: "killed", cancellation: interrupt.Token, report: status =>
            {
                if (status.Steps == step)
                    interrupt.Cancel();
            }), Throws.InstanceOf<OperationCanceledException>());
        }
        Assert.That(Bytes(Run(Mixture, under: "killed")), Is.EqualTo(expected));
        Assert.That(Bytes(Run(Mixture with { BalanceLoss = 0 }, under: "unbalanced")), Is.Not.EqualTo(expected));
    }

    [Test]
    public void Its_folder_is_a_model_with_its_tokenizer()
    {
        Run(Tiny);
        using Checkpoint read = ModelFiles.Open(Path.Combine(folder, "whole", "tiny"));
        Assert.That(read.Config.Width, Is.EqualTo(16));
        Assert.That(read.Tokenizer!.EncodePrompt("sum 1 + 2 = direct"), Has.Length.EqualTo(7));
    }

    [Test]
    public void Bytes_are_the_same_at_every_thread_count_and_instruction_set()
    {
        string expected = Bytes(Run(Tiny));
        foreach (InstructionSet isa in InstructionSets.Supported)
        {
            Placement placement = new() { Threads = 1 + (int)isa % 4, Isa = isa.ToString().ToLowerInvariant() };
            Assert.That(Bytes(Run(Tiny, placement, $"{isa}")), Is.EqualTo(expected), $"{placement}");
        }
    }

    [Test]
    public void Interrupted_after_any_step_and_gone_on_it_ends_with_the_same_bytes()
    {
        string expected = Bytes(Run(Tiny));
        foreach (int step in new[] { 1, 7, 20, 29 })
        {
            using CancellationTokenSource interrupt = new();
            Assert.That(() => Run(Tiny, under: $"{step}", cancellation: interrupt.Token, report: status =>
            {
                if (status.Steps == step)
                    interrupt.Cancel();
            }), Throws.InstanceOf<OperationCanceledException>());
            long begun = -1;
            TrainedModel resumed = Run(Tiny, under: $"{step}", report: status => begun = status.Begun);
            Assert.That((Bytes(resumed), begun), Is.EqualTo((expected, (long)step)));
        }
    }

    [Test]
    public void A_finished_model_is_not_trained_again_and_another_run_is_not_gone_on_with()
    {
        string expected = Bytes(Run(Tiny));
        List<long> steps = [];
        Assert.That(Bytes(Run(Tiny, report: status => steps.Add(status.Steps))), Is.EqualTo(expected));
        Assert.That(steps, Is.EqualTo(new[] { 30L }));
        steps.Clear();
        new ModelTraining(Tiny, TrainingExperiments.Data(Tiny), new Placement(), Path.Combine(folder, "whole"), "another")
            .Run(0, status => steps.Add(status.Steps), default);
        Assert.That(steps[0], Is.Zero);
    }

    [Test]
    public void Stopped_early_it_has_the_rows_of_the_whole_schedule()
    {
        TrainedModel whole = Run(Tiny), stopped = Run(Tiny, under: "stopped", stopAfter: 10);
        Assert.That(stopped.Rows, Is.EqualTo(whole.Rows.Take(3)));
        Assert.That(stopped.Files, Is.Empty);
        Assert.That(Directory.Exists(Path.Combine(folder, "stopped")), Is.False, "it keeps nothing that a run would go on from");
    }

    [Test]
    public void A_larger_budget_begins_where_a_smaller_one_left_what_they_share()
    {
        IReadOnlyList<TrainManifest> budgets = TrainingExperiments.Read(TrainingExperiments.Think,
            TrainingExperiments.Tiny.Replace("30k", "20k;30k").Replace(" LogEvery", " Decay=\"0.4\" LogEvery")).Trains;
        SharedTrunk trunk = new(Path.Combine(folder, "trunk"), "shared");
        Run(budgets[0], trunk: trunk);
        long begun = -1;
        TrainedModel larger = Run(budgets[1], under: "larger", trunk: trunk, report: status => begun = status.Begun);
        Assert.That(begun, Is.EqualTo(budgets[0].StepsBeforeFall).And.GreaterThan(5));
        Assert.That(Bytes(larger), Is.EqualTo(Bytes(Run(budgets[1], under: "alone"))));
    }

    [TestCase("LearningRate=\"8\" ClipNorm=\"1e9\"", "HRN0406")]
    [TestCase("LearningRate=\"10\" WeightDecay=\"1\"", "HRN0601")]
    public void A_loss_that_rises_or_is_not_finite_stops_with_its_step_and_what_is_kept(string rate, string code)
    {
        TrainManifest rising = TrainingExperiments.Train(TrainingExperiments.Think, TrainingExperiments.Tiny
            .Replace("LearningRate=\"1e-2\"", rate).Replace("30k", "150k"));
        HarnessException diverged = Assert.Throws<HarnessException>(() => Run(rising))!;
        Assert.That(diverged.Diagnostic.Code, Is.EqualTo(code), diverged.Message);
        Assert.That(diverged.Message, Does.Contain("model 'tiny', step ").And.Contain("kept"));
    }

    [Test]
    public void Too_few_tokens_to_validate_on_are_refused_before_the_first_step()
    {
        List<long> steps = [];
        HarnessException refused = Assert.Throws<HarnessException>(
            () => Run(Tiny with { ValidationTokens = 40 }, report: status => steps.Add(status.Steps)))!;
        Assert.That((refused.Diagnostic.Code, steps.Count), Is.EqualTo(("HRN0021", 0)));
    }

    [Test]
    public void A_model_beyond_the_memory_is_refused() => Assert.That(
        () => Run(Tiny, new Placement { MemoryBytes = 10_000 }),
        Throws.InstanceOf<HarnessException>().With.Property(nameof(HarnessException.Diagnostic)).EqualTo(KernelCodes.MemoryBudget));
}
