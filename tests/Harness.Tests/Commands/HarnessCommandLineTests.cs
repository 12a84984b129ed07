using System.CommandLine;
using System.Text.Json;
using Harness.Commands;
using Harness.Diagnostics;
using Harness.Figures;
using Harness.Kernels.Driver;
using Harness.Records;
using Harness.Tests.Experiments.Fakes;
using Harness.Tests.Shared;

namespace Harness.Tests.Commands;

[TestFixture]
[NonParallelizable]
sealed class HarnessCommandLineTests
{
    [Test]
    public void Every_command_has_help()
    {
        foreach (Command command in HarnessCommandLine.CreateRoot().Subcommands)
        {
            (int status, string output, _) = Invoke(command.Name, "--help");
            Assert.That(status, Is.Zero, command.Name);
            Assert.That(output, Does.Contain(command.Description!));
        }
    }

    [Test]
    public void Every_command_s_help_has_examples_that_can_be_read()
    {
        RootCommand root = HarnessCommandLine.CreateRoot();
        Assert.That(HelpWithExamples.Examples.Keys, Is.EquivalentTo(root.Subcommands.Select(command => command.Name)));
        foreach ((string command, IReadOnlyList<string> examples) in HelpWithExamples.Examples)
        {
            string help = Invoke(command, "--help").Output;
            foreach (string example in examples)
            {
                Assert.That(help, Does.Contain($"\n  harness {example}"));
                Assert.That(example, Does.StartWith(command));
                Assert.That(root.Parse(example).Errors.Select(error => error.Message), Is.Empty, example);
            }
        }
    }

    [Test]
    public void The_page_of_the_command_line_has_every_command_and_option()
    {
        string page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "command-line.md"));
        string shared = page.Split("\n## ").First(section => section.StartsWith("Where a command runs", StringComparison.Ordinal));
        foreach (Command command in HarnessCommandLine.CreateRoot().Subcommands)
        {
            string? section = page.Split("\n## ")
                .FirstOrDefault(section => section.StartsWith($"`harness {command.Name}`", StringComparison.Ordinal));
            Assert.That(section, Is.Not.Null, command.Name);
            foreach (Option option in command.Options.Where(option => !option.Hidden))
                Assert.That(
                    section + (command.Arguments is [{ Name: "experiment" }, ..] ? shared : ""), Does.Contain(option.Name), command.Name);
        }
    }

    [Test]
    public void The_program_alone_prints_its_help()
    {
        (int status, string output, string error) = Invoke();
        Assert.That((status, output, error), Is.EqualTo((0, Invoke("--help").Output, "")));
        Assert.That(output, Does.Contain("throughput"));
    }

    [Test]
    public void Precisions_are_named_as_manifests_name_them()
    {
        foreach (string command in new[] { "bench", "generate", "check" })
            Assert.That(Invoke(command, "--help").Output, Does.Contain("--precision <f32|w8a8|bf16>").And.Not.Contain("W8A8"), command);
        Assert.That(
            Invoke("bench", Model, "--precision", "w8a").Error,
            Does.Contain("HRN0405").And.Contain("f32, w8a8, bf16").And.Contain("did you mean 'w8a8'?"));
    }

    [TestCase("[suggest:4]", "run ", "quickstart"), TestCase("[suggest:2]", "pl", "plan")]
    [TestCase("[suggest:20]", "bench m --precision ", "w8a8"), TestCase("[suggest:17]", "run q --device cu", "cuda")]
    [TestCase("[suggest:12]", "run q -p Sam", "Samples="), TestCase("[suggest:13]", "explain HRN00", "HRN0007")]
    public void A_shell_is_told_what_may_follow(string directive, string line, string expected)
    {
        string folder = Environment.CurrentDirectory;
        Environment.CurrentDirectory = Repository.Root;
        try
        {
            (int status, string output, _) = Invoke(directive, line);
            Assert.That(status, Is.Zero);
            Assert.That(output.Split('\n', StringSplitOptions.RemoveEmptyEntries), Does.Contain(expected));
        }
        finally
        {
            Environment.CurrentDirectory = folder;
        }
    }

    [Test]
    public void Measurements_without_a_common_setting_are_a_failure_with_its_code()
    {
        string committed =
            Path.Combine(Repository.Root, "results", "quickstart", "machines", "amd-epyc-x2-avx512", ThroughputTable.Csv.FileName);
        string other = Path.Combine(TestContext.CurrentContext.WorkDirectory, "throughput-other.csv");
        File.WriteAllBytes(other, ThroughputTable.Csv.Write(ThroughputTable.Csv.Read(committed).Select(row => row with { Threads = 99 })));
        (int status, string output, string error) = Invoke("throughput", committed, other);
        Assert.That(status, Is.EqualTo(2));
        Assert.That(output, Does.Contain("in one file only"));
        Assert.That(error, Does.StartWith($"{other}: error HRN0512: "));
    }

    [TestCase("explain", "HRN0007"), TestCase("explain", "7"), TestCase("explain", "hrn0007")]
    public void A_code_is_explained(params string[] arguments)
    {
        (int status, string output, _) = Invoke(arguments);
        Assert.That((status, output), Is.EqualTo(
            (0, $"HRN0007: {Codes.BadValue.Title}\ncause: {Codes.BadValue.Cause}\ncure: {Codes.BadValue.Cure}\n".ReplaceLineEndings())));
    }

    [TestCase("explain", "HRN9999"), TestCase("runn"), TestCase("run"), TestCase("run", "--bogus"), TestCase("run", "x", "--bogus")]
    [TestCase("generate", "m"), TestCase("list", "things"), TestCase("verify", "m.json", "--sample", "a lot")]
    [TestCase("generate", "m", "--prompt", "x", "--top-p", "2"), TestCase("generate", "m", "--prompt", "x", "-n", "0")]
    public void A_wrong_command_line_is_one_line_and_status_2(params string[] arguments)
    {
        (int status, _, string error) = Invoke(arguments);
        Assert.That(status, Is.EqualTo(2));
        Assert.That(error, Does.StartWith("harness: error HRN0405: "));
        Assert.That(error.TrimEnd().Split('\n'), Has.Length.EqualTo(1));
    }

    [TestCase("runn", "'runn' is not a command; did you mean 'run'?; see `harness --help`")]
    [TestCase("frobnicate x", "'frobnicate' is not a command; valid: run, verify,")]
    [TestCase("run quikstart", "quikstart.proj, a .proj, nor a manifest.json; did you mean 'quickstart'?")]
    public void A_misspelt_word_is_answered_with_the_nearest_one(string line, string expected)
    {
        string folder = Environment.CurrentDirectory;
        Environment.CurrentDirectory = Repository.Root;
        try
        {
            Assert.That(Invoke(line.Split(' ')).Error, Does.Contain(expected));
        }
        finally
        {
            Environment.CurrentDirectory = folder;
        }
    }

    [TestCase("bench"), TestCase("precisions"), TestCase("generate", "--prompt", "x"), TestCase("check", "reference.json")]
    public void A_model_that_is_absent_is_said_to_be_looked_for_under_the_data_folder_too(string command, params string[] arguments) =>
        Assert.That(Invoke([command, "no/such/model", .. arguments]).Error,
            Does.Contain("HRN0201: Model 'no/such/model' is not there under ").And.Contain("HARNESS_DATA"));

    [Test]
    public void An_absent_experiment_has_its_code()
    {
        (int status, _, string error) = Invoke("run", "no/such/experiment");
        Assert.That((status, error), Is.EqualTo((2, error)));
        Assert.That(error, Does.StartWith("harness: error HRN0013: "));
    }

    [Test]
    public void A_prompt_that_begins_with_an_at_sign_is_text()
    {
        (int status, _, string error) = Invoke("generate", Model, "--prompt", "@missing");
        Assert.That(status, Is.EqualTo(2));
        Assert.That(error, Does.StartWith("harness: error HRN0307: ").And.Contains("'@missing'"));
    }

    [TestCase("bench"), TestCase("generate", "--prompt", "sum 1")]
    public void Bf16_on_the_CPU_is_refused_in_one_line(string command, params string[] arguments)
    {
        (int status, string output, string error) = Invoke([command, Model, "--device", "cpu", "--precision", "bf16", .. arguments]);
        Assert.That((status, output), Is.EqualTo((2, "")));
        Assert.That(error.TrimEnd(), Is.EqualTo("harness: error HRN0112: bf16 runs on a GPU only: Device=cuda, or Precision=w8a8 or f32"));
    }

    [Test]
    public void Precisions_of_the_CPU_are_compared_on_a_task_of_the_model()
    {
        (int status, string output, _) =
            Invoke("precisions", Model, "--device", "cpu", "--samples", "40", "--tokens", "5", "--texts", "3", "--json");
        Assert.That(status, Is.Zero);
        JsonElement[] rows = [.. JsonDocument.Parse(output).RootElement.EnumerateArray()];
        Assert.That(rows.Select(row => row.GetProperty("precision").GetString()), Is.EqualTo(new[] { "f32", "w8a8" }));
        Assert.That(rows.Select(row => row.GetProperty("task").GetString()), Is.All.EqualTo("sum"));
        Assert.That(rows.Select(row => row.GetProperty("tokens_per_second").GetDouble()), Is.All.Positive);
        Assert.That(rows.Select(row => row.GetProperty("accuracy").GetDouble()), Is.All.InRange(0.1, 1));
        Assert.That(rows[0].GetProperty("divergence").GetDouble(), Is.Zero);
        Assert.That(rows[0].GetProperty("same_best").GetDouble(), Is.EqualTo(1));
        Assert.That(rows[1].GetProperty("divergence").GetDouble(), Is.InRange(1e-9, 0.01));
        Assert.That(rows[1].GetProperty("same_best").GetDouble(), Is.InRange(0.8, 1));
    }

    [Test]
    public void A_model_without_a_task_is_compared_by_its_predictions_alone()
    {
        (int status, string output, _) = Invoke(
            "precisions", "synthetic:llama?d=64&layers=1&heads=2&kv=1&ffn=96&vocab=50&context=64",
            "--device", "cpu", "--samples", "2", "--tokens", "4", "--texts", "2");
        Assert.That(status, Is.Zero);
        string[] lines = output.TrimEnd().Split('\n');
        Assert.That(
            lines[0].Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(3), Is.EqualTo(new[] { "precision", "bytes", "tokens/s" }));
        Assert.That(lines[1], Does.StartWith("f32").And.Contain("n/a").And.Contain("100.0 %"));
        Assert.That(lines[2], Does.StartWith("w8a8").And.Contain("exact"));
        Assert.That(lines, Has.Length.EqualTo(3));
    }

    [Test]
    public void A_model_that_differs_from_its_reference_ends_with_its_code_and_status_1()
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, "{\"cases\": [{\"text\": \"sum 1\", \"ids\": [0, 0, 0]}]}");
            (int status, string output, string error) = Invoke("check", Model, path);
            Assert.That(status, Is.EqualTo(1));
            Assert.That(output, Does.StartWith("token ids: 1 compared, 1 differ"));
            Assert.That(error.TrimEnd(), Does.StartWith($"{path}: error HRN0504: ").And.EndsWith("1 of 1 token ids"));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public void A_run_verification_and_skip_end_as_JSON()
    {
        using ScratchExperiment scratch = new(ScratchExperiment.Demo.Replace("model.bin", Model));
        string manifest = Path.Combine(scratch.Root, "manifest.json");
        void Resolve() => File.WriteAllText(manifest, JsonSerializer.Serialize(scratch.Raw()));
        JsonElement Report(string command, int expected, params string[] more)
        {
            (int status, string output, string error) = Invoke([command, manifest, "--json", .. more]);
            Assert.That(status, Is.EqualTo(expected), error);
            return JsonDocument.Parse(output).RootElement;
        }

        Resolve();
        JsonElement ran = Report("run", 0);
        Assert.That((ran.GetProperty("name").GetString(), ran.GetProperty("status").GetString(), ran.GetProperty("results").GetString()),
            Is.EqualTo(("demo", "ran", scratch.Folder)));
        Assert.That(ran.GetProperty("files").EnumerateArray().Select(file => file.GetString()), Is.EquivalentTo(scratch.Results().Keys));
        Assert.That(Report("run", 0).GetProperty("status").GetString(), Is.EqualTo("up-to-date"));
        Assert.That(Report("verify", 0).GetProperty("status").GetString(), Is.EqualTo("verified"));
        File.AppendAllText(scratch.Result("README.md"), "more\n");
        JsonElement differs = Report("verify", 1);
        Assert.That(differs.GetProperty("status").GetString(), Is.EqualTo("differs"));
        Assert.That(differs.GetProperty("differences")[0].GetProperty("file").GetString(), Is.EqualTo(scratch.Result("README.md")));
        scratch.Write(ScratchExperiment.Demo.Replace("model.bin", "absent.bin"));
        Resolve();
        Assert.That(Report("run", 0, "--skip-missing").GetProperty("status").GetString(), Is.EqualTo("skipped"));
    }

    [Test]
    public void A_plan_states_the_memory_in_all()
    {
        using ScratchExperiment scratch = new(ScratchExperiment.Demo.Replace("model.bin", Model));
        string manifest = Path.Combine(scratch.Root, "manifest.json");
        File.WriteAllText(manifest, JsonSerializer.Serialize(scratch.Raw()));
        JsonElement plan = JsonDocument.Parse(Invoke("plan", manifest, "--json", "--batch", "5").Output).RootElement;
        Assert.That(plan.GetProperty("memory_bytes").GetDouble(),
            Is.EqualTo(plan.GetProperty("weight_bytes").GetDouble() + 5 * plan.GetProperty("sample_bytes").GetDouble()));
        Assert.That(Invoke("plan", manifest, "--batch", "5").Output, Does.Contain("MB in all: ").And.Contain("5 samples in flight"));
    }

    [TestCase("tasks", "gsm8k"), TestCase("strategies", "majority-vote"), TestCase("verifiers", "exact-checker")]
    [TestCase("models", "synthetic:0.5b")]
    public void Registered_names_are_listed(string kind, string name)
    {
        Assert.That(Invoke("list", kind).Output, Does.Contain(name));
        Assert.That(JsonDocument.Parse(Invoke("list", kind, "--json").Output).RootElement.EnumerateArray()
            .Select(entry => entry.GetProperty("name").GetString()), Does.Contain(name));
    }

    [Test]
    public void The_doctor_names_instruction_sets_packages_and_the_state_of_the_arithmetic()
    {
        (int status, string output, _) = Invoke("doctor");
        Assert.That(status, Is.Zero);
        Assert.That(output, Does.Contain("instruction sets: portable").And.Contains("package CsvHelper: 34").And.Contains("renderer: "));
        Assert.That(output, Does.Match("(?m)^numerics: the [0-9]+ units give version 1's bits$"));
        Assert.That(
            output,
            CudaDevices.PackageIsStandIn
                ? Does.Contain("package ManagedCuda-12: builtin 1.0.0 (the project's stand-in)")
                : Does.Contain("package ManagedCuda-12: 12."));
        Assert.That(output, Does.Contain("GPUs: none can be used: ").Or.Contains("GPU cuda:0: "));
        Assert.That(
            output,
            FigureRenderer.IsStandIn
                ? Does.Contain($"package ScottPlot: {FigureRenderer.Name} (the project's stand-in)")
                : Does.Contain("package ScottPlot: 5."));
    }

    [TestCase(1.0, 0), TestCase(0.7, 1)]
    public void Throughput_that_fell_is_a_difference(double factor, int expected)
    {
        string committed =
            Path.Combine(Repository.Root, "results", "quickstart", "machines", "amd-epyc-x2-avx512", ThroughputTable.Csv.FileName);
        string now = Path.Combine(TestContext.CurrentContext.WorkDirectory, $"throughput-{expected}.csv");
        IEnumerable<ThroughputRow> rows =
            ThroughputTable.Csv.Read(committed).Select(row => row with { TokensPerSecond = row.TokensPerSecond * factor });
        File.WriteAllBytes(now, ThroughputTable.Csv.Write(rows));
        (int status, string output, _) = Invoke("throughput", committed, now);
        Assert.That(status, Is.EqualTo(expected));
        Assert.That(output, Does.Contain($"{factor:F2}x").And.Contains(expected == 0 ? "\n0 of " : "below 0.8"));
        Assert.That(Invoke("throughput", committed, now, "--least", "0.5").Status, Is.Zero);
    }

    static string Model => Path.Combine(Repository.Root, "results", "base-model", "model");

    static (int Status, string Output, string Error) Invoke(params string[] arguments) => CommandLine.Invoke(arguments);
}
