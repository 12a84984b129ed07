using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Harness.Tests.Shared;
using KernelCases;

namespace Gpu.Tests;

/// <summary>The program itself, as on a machine with a GPU, without one, and with one whose kernels hang and fault.</summary>
public sealed class ProveTests
{
    /// <summary>The kernel that is at fault, and another one.</summary>
    const string Bad = "Embedding.embedding", Other = "Decoding.decode_begin";

    const string Kernels = $"--minutes 4 --parts driver,kernels --cases {Bad},{Other}";

    static readonly string BadEntry = Bad.Split('.')[1];

    [Test]
    public void Without_a_card_the_refusal_is_logged_and_ends_with_a_count()
    {
        using FakeCuda cuda = new();
        (int status, string[] lines) = cuda.Prove("--minutes 2", ("FAKE_CUDA_DEVICES", "0"));

        Assert.That((status, lines[^1]), Is.EqualTo((2, "0 passed, 1 failed")), string.Join('\n', lines));
        string log = File.ReadAllText(Path.Combine(cuda.Output, "proof.log"));
        Assert.That(log, Does.Contain("refused: error HRN0102: no CUDA device can be used"));
        Assert.That(Packed(cuda), Is.SupersetOf(new[] { "proof.log", "summary.txt" }));
    }

    [Test]
    public void Without_a_driver_the_refusal_names_it()
    {
        if (NativeLibrary.TryLoad("libcuda.so.1", out _))
            Assert.Ignore("this machine has a CUDA driver");
        using FakeCuda cuda = new(hasDriver: false);
        (int status, string[] lines) = cuda.Prove("--minutes 2");

        Assert.That((status, lines[^1]), Is.EqualTo((2, "0 passed, 1 failed")), string.Join('\n', lines));
        Assert.That(lines, Has.Some.Contains("HRN0102: no CUDA driver: libcuda.so.1 is not there"));
    }

    /// <summary>
    /// DriverCalls.txt is what the driver is asked for, whichever form of the package is in use; FAKE_CUDA_WRITE=1 writes it anew.
    /// </summary>
    [Test]
    public void The_driver_is_asked_for_the_committed_calls()
    {
        using FakeCuda cuda = new();
        (int status, string[] lines) = cuda.Prove("--minutes 2 --parts driver");

        Assert.That((status, lines[^1]), Is.EqualTo((0, "1 passed, 0 failed")), string.Join('\n', lines));
        string committed = Path.Combine(Repository.Root, "tests", "Gpu.Tests", "DriverCalls.txt");
        if (Environment.GetEnvironmentVariable("FAKE_CUDA_WRITE") == "1")
            File.WriteAllLines(committed, cuda.Calls);
        Assert.That(cuda.Calls, Is.EqualTo(File.ReadAllLines(committed)));
    }

    [Test]
    public void Every_function_of_the_fake_driver_is_one_that_is_called()
    {
        using FakeCuda cuda = new();
        cuda.Prove("--minutes 2 --parts driver");
        cuda.Prove("--minutes 2 --parts driver", ("FAKE_CUDA_FAULT", "decode_begin"));
        // The fake GPU is one whose kernels may start early.
        cuda.Prove("--minutes 2 --parts driver", ("HARNESS_CUDA_PDL", "0"));
        string source = File.ReadAllText(Path.Combine(Repository.Root, "tests", "Gpu.Tests", "libcuda.c"));
        string[] functions = [.. Regex.Matches(source, @"^int (cu\w+)\(", RegexOptions.Multiline).Select(match => match.Groups[1].Value)];

        Assert.That(functions, Has.Length.EqualTo(43));
        Assert.That(cuda.Calls.Select(call => call.Split('(')[0]).Distinct(), Is.EquivalentTo(functions));
    }

    [Test]
    public void A_kernel_that_hangs_costs_its_cases_and_no_other()
    {
        using FakeCuda cuda = new();
        (int status, string[] lines) = cuda.Prove($"{Kernels} --case-seconds 5", ("FAKE_CUDA_HANG", BadEntry));

        Assert.That(status, Is.EqualTo(1));
        AssertEachCaseFails(lines, "not ended within 5 s, and its process was ended");
    }

    [Test]
    public void A_kernel_that_faults_or_ends_the_process_costs_its_cases_and_no_other()
    {
        using FakeCuda cuda = new();
        (_, string[] faulted) = cuda.Prove(Kernels, ("FAKE_CUDA_FAULT", BadEntry));
        AssertEachCaseFails(faulted, "CUDA_ERROR_ILLEGAL_ADDRESS");

        (_, string[] crashed) = cuda.Prove(Kernels, ("FAKE_CUDA_CRASH", BadEntry));
        AssertEachCaseFails(crashed, "its process ended with exit status 66");
    }

    [Test]
    public void A_missing_tool_is_a_skip_with_its_reason()
    {
        using FakeCuda cuda = new();
        (_, string[] lines) = cuda.Prove("--minutes 2 --parts driver,tools");

        Assert.That(lines[^1], Is.EqualTo("1 passed, 0 failed"), string.Join('\n', lines));
        Assert.That(lines, Has.Some.EqualTo("skipped compute-sanitizer: it is not on the PATH"));
        Assert.That(lines, Has.Some.EqualTo("skipped ncu: it is not on the PATH"));
        Assert.That(lines, Has.Some.EqualTo("2 skipped"));
    }

    [Test]
    public void A_sanitizer_that_takes_too_long_is_a_skip_and_one_that_finds_something_a_failure()
    {
        using FakeCuda cuda = new();
        cuda.AddTool("compute-sanitizer", "case $2 in memcheck) exec sleep 1000;; racecheck) exit 9;; *) exit 0;; esac");
        (int status, string[] lines) = cuda.Prove("--minutes 1.5 --parts tools");

        Assert.That((status, lines[^1]), Is.EqualTo((1, "2 passed, 1 failed")), string.Join('\n', lines));
        Assert.That(lines, Has.Some.Match("^skipped compute-sanitizer memcheck: not ended within [0-9]+ s; see memcheck.log"));
        Assert.That(lines, Has.Some.Contains("compute-sanitizer racecheck: exit status 9, see racecheck.log"));
    }

    [Test]
    public void On_the_CPU_the_committed_tokens_are_drawn_and_a_checkout_has_no_manifests()
    {
        using FakeCuda cuda = new(hasDriver: false);
        (int status, string[] lines) = cuda.Prove("--device cpu --minutes 15");

        Assert.That((status, lines[^1]), Is.EqualTo((0, $"{CommittedTokens.All.Count} passed, 0 failed")), string.Join('\n', lines));
        Assert.That(lines, Has.Some.Contains("nothing of a GPU is proven").And.Some.StartsWith("skipped experiments: "));
    }

    /// <summary>An experiment whose model and data are absent has several mistakes, and is one skip; a recorded one has no model.</summary>
    [Test]
    public void An_experiment_without_its_model_and_data_is_skipped_and_so_is_a_recorded_one()
    {
        string root = Directory.CreateTempSubdirectory("harness-").FullName;
        try
        {
            Directory.CreateDirectory(Path.Combine(root, "manifests"));
            Directory.CreateDirectory(Path.Combine(root, "results", "absent"));
            File.WriteAllText(Path.Combine(root, "results", "absent", "absent.proj"), """
                <Project>
                  <PropertyGroup><Title>Absent</Title><Model>absent.gguf</Model></PropertyGroup>
                  <ItemGroup>
                    <Pool Include="direct" Task="jsonl" Data="absent.jsonl" Comparison="exact" Prompt="direct" Problems="1" Samples="1" />
                  </ItemGroup>
                </Project>
                """);
            File.WriteAllText(Path.Combine(root, "manifests", "absent.json"), """
                {
                  "Schema": 1, "Name": "absent", "Project": "../results/absent/absent.proj",
                  "Properties": { "Title": "Absent", "Model": "absent.gguf" },
                  "Pools": [
                    {
                      "Include": "direct", "Task": "jsonl", "Data": "absent.jsonl", "Comparison": "exact", "Prompt": "direct",
                      "Problems": "1", "Samples": "1"
                    }
                  ],
                  "Strategies": [], "Overrides": [], "Places": {}, "Mistakes": [],
                  "Placement": { "Device": "cpu", "Artifacts": "../artifacts/absent" }
                }
                """);
            File.WriteAllText(Path.Combine(root, "results", "log.csv"), "problem,correct\n0,1\n");
            File.WriteAllText(Path.Combine(root, "manifests", "logged.json"), """
                {
                  "Schema": 1, "Name": "logged", "Project": "../results/logged.proj", "Properties": {},
                  "Pools": [{ "Include": "logged", "Recorded": "log.csv", "Format": "csv", "Problems": "1", "Samples": "1" }],
                  "Strategies": [], "Overrides": [], "Places": {}, "Mistakes": [], "Placement": { "Artifacts": "../artifacts/logged" }
                }
                """);
            using FakeCuda cuda = new(hasDriver: false);
            (int status, string[] lines) = cuda.Prove($"--device cpu --minutes 15 --parts experiments --root {root}");
            Assert.That(lines, Has.Some.StartsWith("skipped absent: ").And.Some.Contains("absent.gguf"), string.Join('\n', lines));
            Assert.That(lines, Has.Some.StartsWith("skipped logged: its pools are recorded"), string.Join('\n', lines));
            Assert.That(lines, Has.None.Contains("FAILED"));
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [TestCase("--parts kernel", "--parts kernel' is wrong")]
    [TestCase("--device cpu --parts kernels", "on the CPU only tokens and experiments run")]
    [TestCase("--minutes 0", "--minutes 0' is wrong")]
    public void A_wrong_command_line_is_said(string arguments, string message)
    {
        using FakeCuda cuda = new(hasDriver: false);
        (int status, string[] lines) = cuda.Prove(arguments);

        Assert.That(status, Is.EqualTo(2));
        Assert.That(lines, Has.Some.Contains(message));
    }

    /// <summary>Those of the bad kernel by its fault, the other's by its wrong numbers, since nothing computes.</summary>
    static void AssertEachCaseFails(string[] lines, string how)
    {
        string[] bad = Names(Bad), other = Names(Other);
        Assert.That(lines[^1], Is.EqualTo($"1 passed, {bad.Length + other.Length} failed"), string.Join('\n', lines));
        foreach (string name in (string[])[.. bad, .. other])
        {
            string failed = lines.Single(line => line.StartsWith($"FAILED  {name}: ", StringComparison.Ordinal));
            Assert.That(failed, Does.Contain(bad.Contains(name) ? how : "and on the CPU"));
        }
    }

    static string[] Names(string kernel) =>
        [.. AllCases.All().Select(one => one.ToString()).Where(name => name.StartsWith(kernel, StringComparison.Ordinal))];

    static List<string> Packed(FakeCuda cuda)
    {
        using FileStream file = File.OpenRead(Path.Combine(cuda.Output, "harness-gpu-results.tar.gz"));
        using GZipStream plain = new(file, CompressionMode.Decompress);
        using TarReader tar = new(plain);
        List<string> names = [];
        while (tar.GetNextEntry() is { } entry)
            names.Add(entry.Name);
        return names;
    }
}
