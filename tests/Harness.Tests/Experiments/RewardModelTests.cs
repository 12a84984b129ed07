using System.Globalization;
using Harness.Diagnostics;
using Harness.Experiments;
using Harness.Identity;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Models;
using Harness.Pools;
using Harness.Records;
using Harness.Registry;
using Harness.Tasks;
using Harness.Tests.Experiments.Fakes;
using Harness.Verifiers;

namespace Harness.Tests.Experiments;

/// <summary>Models that judge the answers of the committed base model, made and asked.</summary>
[TestFixture]
sealed class RewardModelTests : TrainedExperimentFixture
{
    static readonly string Base = Path.Combine(ExperimentPaths.RepositoryRoot(TestContext.CurrentContext.TestDirectory), "results",
        "base-model", "model");

    const string Outcomes = "<Data Include=\"o\" Task=\"sum\" Difficulty=\"3;5\" Labels=\"outcome\" Problems=\"16\" For=\"orm\" />";

    const string Steps =
        "<Data Include=\"s\" Task=\"sum\" Difficulty=\"3;5\" Labels=\"steps\" Problems=\"12\" Samples=\"3\" Rollouts=\"2\" For=\"prm\" />";

    const string Judged = "<Evaluation Include=\"e\" Task=\"sum\" Difficulty=\"3;5\" Problems=\"6\" Samples=\"4\" />";

    static string Train(string name, string more = "") =>
        $"<Train Include=\"{name}\" From=\"{Base}\" Tokens=\"6k\" BatchTokens=\"1k\" LearningRate=\"1e-3\" Warmup=\"2\" LogEvery=\"2\" "
        + $"ValidationTokens=\"1k\" {more}/>";

    static readonly string Made = Project(
        $"<Model>{Base}</Model>", Outcomes, Steps, Train("orm"), Train("prm", "AddLayers=\"1\" "), Judged);

    static string Project(string property, params string[] items) => $"""
        <Project>
          <PropertyGroup>
            <Title>Judges</Title>
            {property}
            <Precision>f32</Precision>
            <Seed>7</Seed>
          </PropertyGroup>
          <ItemGroup>
            {string.Join("\n    ", items)}
          </ItemGroup>
        </Project>
        """;

    [Test]
    public void They_are_made_of_the_models_own_answers_and_verified()
    {
        scratch.Write(Made);
        Run();
        Assert.That(Files().Keys, Is.SupersetOf(new[]
        {
            "labels.csv", "samples.csv", "rewards.csv", "verifiers.csv", "calibration.csv", "calibration.svg", "orm/reward.json",
            "prm/reward.json", "training.csv",
        }));
        Assert.That(Staleness.Of(Resolve()), Is.Null);
        Assert.That(Verify(("StopAfter", "2")).Differences, Is.Empty);
        Assert.That(Verify().Differences, Is.Empty);
        Assert.That(File.ReadAllText(scratch.Result("prm/config.json")), Does.Contain("\"num_hidden_layers\": 5"));

        LabelRow[] labels = [.. LabelTable.Csv.Read(scratch.Result("labels.csv"))];
        Assert.That(labels.Select(row => (row.Data, row.Split, row.Difficulty, row.Problems, row.Samples)), Is.EqualTo(new[]
        {
            ("o", "train", 3, 8, 32), ("o", "train", 5, 8, 32), ("o", "validation", 3, 1, 4), ("o", "validation", 5, 1, 4),
            ("s", "train", 3, 6, 18), ("s", "train", 5, 6, 18), ("s", "validation", 3, 1, 3), ("s", "validation", 5, 1, 3),
        }));
        foreach (LabelRow row in labels.Where(row => row.Data == "o"))
            Assert.That(row.Completions, Is.Zero);
    }

    /// <summary>Recomputed from the logs: samples by the checker, steps by whether any completion is right.</summary>
    [Test]
    public void Labels_are_what_the_checker_says_of_answers_and_of_completions()
    {
        scratch.Write(Made);
        Run();
        LabelRow[] rows = [.. LabelTable.Csv.Read(scratch.Result("labels.csv")).Where(row => row is { Data: "s", Split: "train" })];
        string folder = Path.Combine(scratch.Artifacts, "models");
        ITask task = TaskRegistry.Find("sum").Create(new TaskSettings
        {
            Seed = 7,
            Problems = 12,
            Difficulties = [3, 5],
            Options = new Dictionary<string, string> { ["Split"] = "train" },
        });
        LoggedGeneration[] samples = Read("s-train"), completions = Read("s-train-completions");
        bool IsRight(int problem, string text) => task.IsCorrect(
            task.Problems[problem], task.ExtractAnswer(task.Problems[problem], new GeneratedText(text)));

        // Each beginning up to a semicolon is good where an answer that begins so is right, or a completion of it.
        HashSet<(int, string)> good = [];
        List<(int Problem, string Begun)> asked = [];
        foreach (LoggedGeneration sample in samples.Where(sample => IsRight(sample.Generation.Problem, sample.Text)))
            good.UnionWith(BeginningsOf(sample));
        foreach ((int, string) begun in samples.SelectMany(BeginningsOf).Where(begun => !good.Contains(begun)))
        {
            if (!asked.Contains(begun))
                asked.Add(begun);
        }
        Assert.That(completions.Select(each => (each.Generation.Problem, each.Generation.Sample)).Order(),
            Is.EqualTo(Enumerable.Range(0, asked.Count).SelectMany(place => new[] { (place, 0), (place, 1) })));
        foreach (LoggedGeneration completion in completions)
        {
            (int problem, string begun) = asked[completion.Generation.Problem];
            if (IsRight(problem, $"{begun} {completion.Text}"))
                good.Add((problem, begun));
        }
        foreach (LabelRow row in rows)
        {
            LoggedGeneration[] own = [.. samples.Where(sample => task.Problems[sample.Generation.Problem].Difficulty == row.Difficulty)];
            double[] expected =
            [
                .. own.SelectMany(sample => BeginningsOf(sample).Select(begun => good.Contains(begun) ? 1.0 : 0)
                    .Append(IsRight(sample.Generation.Problem, sample.Text) ? 1 : 0)),
            ];
            Assert.That((row.Places, row.Good), Is.EqualTo((expected.Length, expected.Average())));
            Assert.That(row.Correct, Is.EqualTo(own.Count(sample => IsRight(sample.Generation.Problem, sample.Text))));
        }
        Assert.That(rows.Sum(row => row.Good), Is.GreaterThan(0).And.LessThan(2));

        LoggedGeneration[] Read(string name) =>
        [
            .. GenerationLog.Read(Path.Combine(folder, $".labels-{name}.generations"))
                .OrderBy(each => each.Generation.Problem).ThenBy(each => each.Generation.Sample),
        ];
        static IEnumerable<(int, string)> BeginningsOf(LoggedGeneration sample)
        {
            string[] words = sample.Text.Split(' ');
            return words.Index().Where(word => word.Item == ";").Select(word =>
                (sample.Generation.Problem, string.Join(' ', words[..(word.Index + 1)])));
        }
    }

    /// <summary>Against logits of each answer read alone, in plain double arithmetic.</summary>
    [Test]
    public void Rewards_are_the_probability_of_the_verdict_at_the_places_that_count()
    {
        scratch.Write(Made);
        Run();
        RewardRow[] rewards = [.. RewardTable.Csv.Read(scratch.Result("rewards.csv"))];
        LoggedGeneration[] samples =
            [.. GenerationLog.Read(Path.Combine(scratch.Artifacts, "models", ".judged-e.generations"))];
        ITask task = TaskRegistry.Find("sum").Create(new TaskSettings { Seed = 7, Problems = 6, Difficulties = [3, 5] });
        foreach ((string name, string right, string wrong) in new[] { ("orm", "yes", "no"), ("prm", "good", "bad") })
        {
            using Checkpoint model = ModelFiles.Open(scratch.Result(name));
            using CpuLanguageModel loaded = CpuLanguageModel.Load(model, Precision.F32, new Placement { Threads = 1 });
            int Token(string word) => model.Tokenizer!.Encode(word).Single();
            foreach (LoggedGeneration sample in samples)
            {
                int[] prompt = model.Tokenizer!.EncodePrompt($"{task.Problems[sample.Generation.Problem].Question} think");
                int[] text = [.. prompt, .. sample.Generation.Tokens];
                List<double> read = [];
                loaded.Evaluate(text, (position, logits) =>
                {
                    bool counts = position == text.Length - 1
                        || (name == "prm" && position >= prompt.Length && text[position] == Token(";"));
                    if (counts)
                        read.Add(1 / (1 + Math.Exp(logits[Token(wrong)] - (double)logits[Token(right)])));
                });
                RewardRow row = rewards.Single(each => each.Verifier == name && each.Problem == sample.Generation.Problem
                    && each.Sample == sample.Generation.Sample);
                Assert.That(row.Reward, Is.EqualTo(read[^1]).Within(1e-6));
                Assert.That(row.Places, Is.EqualTo(read.Count));
                Assert.That(row.Min, name == "orm" ? Is.Null : Is.EqualTo(read.Min()).Within(1e-6));
                Assert.That(row.Product, name == "orm" ? Is.Null : Is.EqualTo(read.Aggregate(1.0, (all, one) => all * one)).Within(1e-6));
            }
        }
        Assert.That(rewards.Select(row => row.Verifier).Distinct(), Is.EquivalentTo(new[] { "orm", "prm", "step-checker" }));
    }

    /// <summary>Against logits of each answer read alone: how probable a step's own last token was.</summary>
    [Test]
    public void Rewards_on_tokens_are_the_probability_of_each_steps_last_one()
    {
        scratch.Write(Project($"<Model>{Base}</Model>", Steps.Replace("Rollouts", "Verdict=\"token\" Rollouts"), Train("prm"), Judged));
        Run();
        Assert.That(Verify(("StopAfter", "2")).Differences, Is.Empty);
        Assert.That(File.ReadAllText(scratch.Result("prm/reward.json")), Does.Contain("\"reads\": \"token\"").And.Not.Contain("right"));
        RewardRow[] rewards = [.. RewardTable.Csv.Read(scratch.Result("rewards.csv")).Where(row => row.Verifier == "prm")];
        using Checkpoint model = ModelFiles.Open(scratch.Result("prm"));
        using CpuLanguageModel loaded = CpuLanguageModel.Load(model, Precision.F32, new Placement { Threads = 1 });
        ITask task = TaskRegistry.Find("sum").Create(new TaskSettings { Seed = 7, Problems = 6, Difficulties = [3, 5] });
        int mark = model.Tokenizer!.Encode(";").Single();
        LoggedGeneration[] samples = GenerationLog.Read(Path.Combine(scratch.Artifacts, "models", ".judged-e.generations")).ToArray();
        Assert.That(samples, Has.Length.EqualTo(rewards.Length));
        foreach (LoggedGeneration sample in samples)
        {
            int[] prompt = model.Tokenizer!.EncodePrompt($"{task.Problems[sample.Generation.Problem].Question} think");
            int[] text = [.. prompt, .. sample.Generation.Tokens];
            var probabilities = new double[text.Length];
            loaded.Evaluate(text, (position, logits) =>
            {
                if (position + 1 == text.Length)
                    return;
                double sum = 0;
                foreach (float logit in logits)
                    sum += Math.Exp(logit - (double)logits[text[position + 1]]);
                probabilities[position + 1] = 1 / sum;
            });
            List<double> read = [];
            for (int place = prompt.Length, begin = place; place < text.Length; place++)
            {
                if (text[place] != mark && place < text.Length - 1)
                    continue;
                read.Add(probabilities[place > begin ? place - 1 : place]);
                begin = place + 1;
            }
            RewardRow row = rewards.Single(each =>
                each.Problem == sample.Generation.Problem && each.Sample == sample.Generation.Sample);
            Assert.That(row.Places, Is.EqualTo(read.Count));
            Assert.That(row.Reward, Is.EqualTo(read[^1]).Within(1e-6));
            Assert.That(row.Min, Is.EqualTo(read.Min()).Within(1e-6));
            Assert.That(row.Product, Is.EqualTo(read.Aggregate(1.0, (all, one) => all * one)).Within(1e-6));
        }
    }

    [TestCase("{ \"judges\": \"outcome\", \"reads\": \"token\" }", "which judges steps")]
    [TestCase("{ \"judges\": \"steps\", \"reads\": \"words\", \"step_end\": \";\" }", "reads 'words'")]
    [TestCase("{ \"judges\": \"steps\", \"reads\": \"token\" }", "'step_end' is missing")]
    public void A_form_that_makes_no_sense_is_refused(string form, string message)
    {
        string folder = Directory.CreateDirectory(Path.Combine(scratch.Folder, "form")).FullName;
        File.WriteAllText(Path.Combine(folder, RewardForm.FileName), form);
        HarnessException refused = Assert.Throws<HarnessException>(() => RewardForm.Read(folder))!;
        Assert.That(refused.Diagnostic, Is.EqualTo(Codes.NoRewardModel));
        Assert.That(refused.Message, Does.Contain(message));
    }

    [TestCase("5 ; 8 ; 0", "0 2 4")]
    [TestCase("; ; 5 ; ;", "0 1 2 4")]
    [TestCase("7", "0")]
    [TestCase("7 0", "0")]
    public void A_steps_own_last_token_is_before_its_end(string written, string expected)
    {
        const int mark = 99;
        int[] answer = [.. written.Split(' ').Select(word => word == ";" ? mark : int.Parse(word, CultureInfo.InvariantCulture))];
        int[] places = RewardReader.PlacesOf(new JudgedText([1, 2], answer), mark);
        Assert.That(string.Join(' ', RewardReader.OwnTokens(places, 2).Select(place => place - 2)), Is.EqualTo(expected));
    }

    [Test]
    public void A_plan_says_what_labels_would_take()
    {
        scratch.Write(Made);
        TrainingPlan plan = TrainingPlan.Create(Resolve(), default);
        Run();
        LabelRow[] labels = [.. LabelTable.Csv.Read(scratch.Result("labels.csv"))];
        Assert.That(plan.Labels.Samples, Is.EqualTo(labels.Sum(row => row.Samples)));
        Assert.That(plan.Labels.Completions, Is.GreaterThanOrEqualTo(labels.Sum(row => row.Completions)));
        Assert.That(plan.Evaluations.Samples, Is.EqualTo(24));
        Assert.That(plan.Labels.Flops, Is.GreaterThan(labels.Where(row => row.Data == "o").Sum(row => row.Flops)));
    }

    [Test]
    public void They_verify_the_answers_of_another_experiment_by_their_folder()
    {
        scratch.Write(Made);
        Run();
        string prm = scratch.Result("prm"), orm = scratch.Result("orm");
        using ScratchExperiment asking = new(Asking(prm, orm));
        string output = Run(asking);
        AccuracyRow[] rows = [.. AccuracyTable.Csv.Read(asking.Result("accuracy.csv")).Where(row => row.Difficulty == "all")];
        Assert.That(rows.Select(row => row.Strategy).Distinct(), Is.EqualTo(new[]
            { "best-of-n by prm", "best-of-n by prm (min)", "weighted-vote by orm", "best-of-n", "coverage" }));
        AccuracyRow one = rows.First(row => row.Strategy == "best-of-n by prm" && row.Multiplier == 4);
        SampleRow[] samples = [.. SampleTable.Csv.Read(asking.Result("samples.csv"))];
        RewardRow[] rewards = [.. RewardTable.Csv.Read(asking.Result("rewards.csv")).Where(row => row.Verifier == "prm")];
        using (Checkpoint model = ModelFiles.Open(prm))
        {
            // All four answers are read, and the prompt once.
            double tokens = samples.GroupBy(row => row.Problem)
                .Average(problem => problem.First().PromptTokens!.Value + problem.Sum(row => (double)row.Tokens!.Value));
            double flops = samples.Zip(rewards).GroupBy(pair => pair.First.Problem).Average(problem =>
                (double)ModelFlops.Reading(model.Config, 0, problem.First().First.PromptTokens!.Value, 0)
                + problem.Sum(pair => (double)ModelFlops.Reading(
                    model.Config, pair.First.PromptTokens!.Value, pair.First.Tokens!.Value, pair.Second.Places)));
            Assert.That(one.VerifierTokens, Is.EqualTo(tokens).Within(1e-5 * tokens));
            Assert.That(one.VerifierFlops, Is.EqualTo(flops).Within(1e-5 * flops));
            Assert.That(one.Flops, Is.EqualTo(one.PromptFlops + one.GeneratedFlops + one.VerifierFlops).Within(1e-5 * one.Flops));
        }
        Assert.That(rows.Where(row => row.Strategy is "best-of-n" or "coverage").Select(row => row.VerifierTokens), Is.All.Zero);
        Assert.That(VerifierTable.Csv.Read(asking.Result("verifiers.csv")).Select(row => row.Verifier).Distinct(), Is.EqualTo(new[]
            { "orm", "prm", "prm (min)", "prm (product)", "mean-logprob", "sequence-logprob" }));

        ResolvedExperiment resolved = ResolvedExperiment.Resolve(asking.Raw(), Registered.All);
        Assert.That(Staleness.Of(resolved), Is.Null);
        using RunConsole console = new(TextWriter.Null, live: false);
        Assert.That(new ExperimentVerify(resolved, console, 1).Execute(default), Is.Empty);

        // Another judge under the same name: its rewards are made again, and no sample is.
        Directory.Delete(prm, recursive: true);
        Directory.Move(orm, prm);
        Directory.CreateDirectory(orm);
        foreach (string file in Directory.EnumerateFiles(prm))
            File.Copy(file, Path.Combine(orm, Path.GetFileName(file)));
        HarnessException stepless = Assert.Throws<HarnessException>(() => Run(asking))!;
        Assert.That(stepless.Message, Does.Contain("Reward is min, and it judges whole answers"));
        asking.Write(Asking(prm, orm, "last"));
        output = Run(asking);
        Assert.That(output, Does.Contain("0 samples to generate"));
        RewardRow[] now = [.. RewardTable.Csv.Read(asking.Result("rewards.csv")).Where(row => row.Verifier == "prm")];
        Assert.That(now.Select(row => row.Min), Is.All.Null);
        Assert.That(now.Select(row => row.Reward), Is.Not.EqualTo(rewards.Select(row => row.Reward)));
    }

    [Test]
    public void A_verifier_that_is_no_reward_model_is_refused_before_anything_runs()
    {
        string folder = Path.Combine(scratch.Root, "judge");
        Directory.CreateDirectory(folder);
        foreach (string file in Directory.EnumerateFiles(Base))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        AssertRefused(Codes.NoRewardModel, "no reward model", null);
        AssertRefused(Codes.NoRewardModel, "'right' is missing", "{\"judges\":\"outcome\"}");
        AssertRefused(Codes.NoRewardModel, "judges 'all'", "{\"judges\":\"all\",\"right\":\"yes\",\"wrong\":\"no\"}");
        AssertRefused(Codes.NoRewardModel, "'step_end' is missing", "{\"judges\":\"steps\",\"right\":\"yes\",\"wrong\":\"no\"}");
        AssertRefused(Codes.NoRewardModel, "are both 'yes'", "{\"judges\":\"outcome\",\"right\":\"yes\",\"wrong\":\"yes\"}");
        AssertRefused(Codes.NoRewardModel, "is not how a reward model is read", "[1, 2");
        AssertRefused(KernelCodes.ModelNotFound, "is not there", null, "nowhere/prm");

        File.WriteAllText(Path.Combine(folder, "reward.json"), "{\"judges\":\"outcome\",\"right\":\"never\",\"wrong\":\"no\"}");
        using ScratchExperiment asking = new(Verifying(folder));
        HarnessException wordless = Assert.Throws<HarnessException>(() => Run(asking))!;
        Assert.That(wordless.Diagnostic, Is.EqualTo(Codes.NoRewardModel));
        Assert.That(wordless.Message, Does.Contain("'never', which is not one token"));
        Assert.That(File.Exists(asking.Log("p")), Is.False, "nothing was generated");

        void AssertRefused(Diagnostic code, string message, string? form, string? path = null)
        {
            if (form is not null)
                File.WriteAllText(Path.Combine(folder, "reward.json"), form);
            using ScratchExperiment asking = new(Verifying(path ?? folder));
            HarnessException refused = Assert.Throws<HarnessException>(
                () => ResolvedExperiment.Resolve(asking.Raw(), Registered.All))!;
            Assert.That(refused.Diagnostic, Is.EqualTo(code), refused.Message);
            Assert.That(refused.Message, Does.Contain(message));
        }
    }

    static string Verifying(string judge) => Project($"<Model>{Base}</Model>",
        "<Pool Include=\"p\" Task=\"sum\" Problems=\"2\" Samples=\"2\" />",
        $"<Strategy Include=\"best-of-n\" Pool=\"p\" Multipliers=\"2\" Verifier=\"{judge}\" />");

    static string Asking(string prm, string orm, string reward = "min") => Project($"<Model>{Base}</Model>",
        "<Pool Include=\"p\" Task=\"sum\" Difficulty=\"3;5\" Problems=\"6\" Samples=\"4\" />",
        $"<Strategy Include=\"best-of-n\" Pool=\"p\" Multipliers=\"1;4\" Verifier=\"{prm}\" />",
        $"<Strategy Include=\"{(reward == "min" ? "best-of-n" : "weighted-vote")}\" Pool=\"p\" Multipliers=\"1;4\" Verifier=\"{prm}\" "
            + $"Reward=\"{reward}\" />",
        $"<Strategy Include=\"weighted-vote\" Pool=\"p\" Multipliers=\"1;4\" Verifier=\"{orm}\" />",
        "<Strategy Include=\"best-of-n\" Pool=\"p\" Multipliers=\"1;4\" />",
        "<Strategy Include=\"coverage\" Pool=\"p\" Multipliers=\"1;4\" />");

    static string Run(ScratchExperiment experiment)
    {
        using StringWriter output = new();
        using (RunConsole console = new(output, live: false))
            new ExperimentRun(ResolvedExperiment.Resolve(experiment.Raw(), Registered.All), console, new RunOptions()).Execute(default);
        return output.ToString();
    }
}
