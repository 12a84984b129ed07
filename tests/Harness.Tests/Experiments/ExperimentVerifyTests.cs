using System.Text;
using Harness.Diagnostics;
using Harness.Experiments;
using Harness.Kernels.Decoding;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Numerics;
using Harness.Tests.Experiments.Fakes;

namespace Harness.Tests.Experiments;

[TestFixture]
sealed class ExperimentVerifyTests
{
    ScratchExperiment scratch = null!;

    [SetUp]
    public void Create()
    {
        scratch = new ScratchExperiment();
        scratch.Run(new ScriptedEngine());
    }

    [TearDown]
    public void Remove() => scratch.Dispose();

    [TestCase(1), TestCase(0.2)]
    public void Untouched_results_are_verified(double fraction) => Assert.That(Verify(fraction: fraction), Is.Empty);

    [TestCase("README.md"), TestCase("accuracy.csv"), TestCase("comparisons.csv"), TestCase("accuracy.svg")]
    [TestCase("accuracy-flops.svg"), TestCase("coverage.svg")]
    public void One_changed_byte_is_found_with_its_line(string name)
    {
        byte[] bytes = File.ReadAllBytes(scratch.Result(name));
        int position = bytes.Length * 3 / 4;
        while (bytes[position] is < (byte)'0' or > (byte)'8')
            position--;
        bytes[position]++;
        File.WriteAllBytes(scratch.Result(name), bytes);
        HarnessException difference = Verify().Single();
        Assert.That(difference.Diagnostic, Is.EqualTo(Codes.ResultsDiffer));
        Assert.That(
            (difference.File, difference.Line), Is.EqualTo((scratch.Result(name), bytes.AsSpan(0, position).Count((byte)'\n') + 1)));
        Assert.That(File.ReadAllBytes(scratch.Result(name)), Is.EqualTo(bytes));
    }

    [TestCase(1), TestCase(0.01)]
    public void A_changed_byte_of_a_sample_names_its_row_and_column(double fraction)
    {
        string[] lines = File.ReadAllLines(scratch.Result("samples.csv"));
        string[] fields = lines[19].Split(',');
        fields[9] = fields[9] == "-1" ? "-2" : "-1";
        lines[19] = string.Join(',', fields);
        File.WriteAllText(scratch.Result("samples.csv"), string.Join('\n', lines) + "\n");
        HarnessException difference = Verify(fraction: fraction).Single();
        Assert.That((difference.File, difference.Line), Is.EqualTo((scratch.Result("samples.csv"), 20)));
        Assert.That(difference.Message, Does.Contain("logprob was '-").And.Contains("problem 4, sample 2"));
    }

    [Test]
    public void A_row_that_can_not_be_read_is_named()
    {
        string text = File.ReadAllText(scratch.Result("samples.csv"));
        int third = text.Split('\n').Take(2).Sum(line => line.Length + 1);
        File.WriteAllText(scratch.Result("samples.csv"), text[..third] + "x" + text[(third + 1)..]);
        HarnessException corrupt = Assert.Throws<HarnessException>(() => Verify())!;
        Assert.That((corrupt.Diagnostic, corrupt.Line), Is.EqualTo((Codes.ResultsCorrupt, 3)));
    }

    [Test]
    public void A_kernel_that_moves_a_token_is_caught_with_the_token_and_both_logits()
    {
        ScriptedEngine moved = new()
        {
            Alter = generation => generation is { Problem: 2, Sample: 1 }
                ? generation with { Tokens = [.. generation.Tokens[..2], '7', 0], LogProbabilities = [.. generation.LogProbabilities[..4]] }
                : generation,
        };
        HarnessException difference = Verify(moved)[0];
        Assert.That((difference.File, difference.Line), Is.EqualTo((scratch.Result("samples.csv"), 2 + 2 * 4 + 1)));
        Assert.That(difference.Message, Does.Contain("first diverging token 2: was").And.Contains("is 55 '7' (logit 13.75)"));
    }

    [Test]
    public void Moved_tokens_are_first_traced_to_the_smallest_unit_of_the_arithmetic_that_changed()
    {
        ScriptedEngine moved = new() { Alter = FirstToken, Numerics = NumericsCheck.Of([NumericUnits.All[0] with { Bits = "other" }]) };
        string[] lines = Said(moved);
        int first = Array.FindIndex(lines, line => line.StartsWith("demo: The arithmetic changed: 'random words' is the smallest of 1 "));
        Assert.That(first, Is.Positive, string.Join('\n', lines));
        Assert.That(lines[first], Does.Contain(" samples moved, ").And.EndsWith("else mend that unit and verify again."));
    }

    [Test]
    public void Moved_tokens_of_an_arithmetic_that_is_what_it_was_have_their_cause_outside_of_it()
    {
        ScriptedEngine moved = new() { Alter = FirstToken, Numerics = NumericsCheck.Of(NumericUnits.All) };
        Assert.That(
            Said(moved), Has.One.StartsWith("demo: The arithmetic is what it was: the 30 units give version 1's bits. So the cause lies "));
    }

    [Test]
    public void The_arithmetic_is_not_checked_where_no_token_moved()
    {
        ScriptedEngine same = new();
        Verify(same);
        Assert.That(same.NumericsChecks, Is.Zero);
    }

    [Test]
    public void A_manifest_changed_since_names_what_changed()
    {
        scratch.Write(ScratchExperiment.Demo.Replace("<Seed>7</Seed>", "<Seed>8</Seed>"));
        HarnessException difference = Verify().Single();
        Assert.That(difference.Message, Does.Contain("manifest.seed was 7, is 8"));
    }

    [Test]
    public void A_run_json_that_is_changed_is_named()
    {
        string text = File.ReadAllText(scratch.Result("run.json"));
        File.WriteAllText(scratch.Result("run.json"), text.Replace("\"schema\": 2", "\"schema\":  2"), new UTF8Encoding(false));
        Assert.That(Verify().Single().File, Is.EqualTo(scratch.Result("run.json")));
    }

    [TestCase("run.json"), TestCase("samples.csv"), TestCase("accuracy.svg"), TestCase("README.md")]
    public void A_file_that_can_not_be_read_has_a_code_and_its_name(string name)
    {
        using FileStream held = new(scratch.Result(name), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
        HarnessException corrupt = Assert.Throws<HarnessException>(() => Verify())!;
        Assert.That((corrupt.Diagnostic, corrupt.File), Is.EqualTo((Codes.ResultsCorrupt, scratch.Result(name))));
    }

    [Test]
    public void Missing_results_have_a_code()
    {
        File.Delete(scratch.Result("run.json"));
        Assert.That(Assert.Throws<HarnessException>(() => Verify())!.Diagnostic, Is.EqualTo(Codes.ResultsMissing));
    }

    [Test]
    public void A_picture_by_another_renderer_is_not_compared_by_its_bytes()
    {
        File.WriteAllText(scratch.Result("accuracy.svg"), "<svg>\n  <!-- renderer: Other 1 -->\n</svg>\n");
        scratch.Run(new ScriptedEngine());
        Assert.That(Verify(), Is.Empty);
    }

    [TestCase(1, 3), TestCase(1, 25), TestCase(0.5, 3)]
    public void An_interrupted_verification_says_what_is_kept_and_goes_on(double fraction, int finishedBefore)
    {
        int drawn = 0;
        ScriptedEngine counting = new() { BeforeFinished = _ => drawn++ };
        Verify(counting, fraction);
        int wanted = drawn;
        HarnessException interrupted = Interrupt(finishedBefore, fraction);
        Assert.That((interrupted.Diagnostic, interrupted.Message), Is.EqualTo((Codes.Cancelled, $"verifying demo was interrupted; "
            + $"{finishedBefore} of {wanted} samples generated again are kept: run the same command again to go on")));
        drawn = 0;
        Assert.That(Verify(counting, fraction), Is.Empty);
        Assert.That(drawn, Is.EqualTo(wanted - finishedBefore), "what was kept is not drawn again");
        drawn = 0;
        Verify(counting, fraction);
        Assert.That(drawn, Is.EqualTo(wanted), "a verification that has ended leaves nothing to the next one");
    }

    [Test]
    public void A_difference_that_was_found_before_the_interruption_is_reported_after_it()
    {
        // Problems are drawn from the last to the first.
        ScriptedEngine moved = new()
        {
            Alter = generation => generation is { Problem: 5, Sample: 1 } ? generation with { LogProbabilities = [-9, -9, -9, -9, -9] }
                : generation,
        };
        Interrupt(4, host: moved);
        Assert.That(Verify()[0].Message, Does.Contain("problem 5, sample 1: logprob was"));
    }

    [Test]
    public void Another_place_starts_a_verification_over()
    {
        Interrupt(20);
        int drawn = 0;
        Verify(new ScriptedEngine { BeforeFinished = _ => drawn++ }, placement: new() { ["Batch"] = "1" });
        Assert.That(drawn, Is.EqualTo(30));
    }

    [Test]
    public void No_run_takes_over_what_is_being_verified()
    {
        Interrupt(20);
        File.Delete(scratch.Log("sums"));
        scratch.Write(ScratchExperiment.Demo.Replace("Samples=\"4\"", "Samples=\"3\"").Replace("1;2;4", "1").Replace("1;4", "1"));
        int drawn = 0;
        using RunConsole console = new(TextWriter.Null, live: false);
        new ExperimentRun(scratch.Resolve(new ScriptedEngine { BeforeFinished = _ => drawn++ }, overrides: ["Samples"]), console,
            new RunOptions()).Execute(CancellationToken.None);
        Assert.That(drawn, Is.GreaterThanOrEqualTo(18));
    }

    /// <summary>Interrupts a verification when so many samples are finished.</summary>
    HarnessException Interrupt(int finishedBefore, double fraction = 1, ScriptedEngine? host = null)
    {
        using CancellationTokenSource interrupt = new();
        int finished = 0;
        host ??= new ScriptedEngine();
        host.BeforeFinished = _ =>
        {
            if (++finished == finishedBefore)
                interrupt.Cancel();
        };
        return Assert.Throws<HarnessException>(() => Verify(host, fraction, cancellation: interrupt.Token))!;
    }

    static Generation FirstToken(Generation generation) => generation with { Tokens = ['7', .. generation.Tokens[1..]] };

    /// <summary>What a verification says on its console.</summary>
    string[] Said(ScriptedEngine host)
    {
        using StringWriter output = new();
        Verify(host, output: output);
        return output.ToString().Split(Environment.NewLine);
    }

    IReadOnlyList<HarnessException> Verify(ScriptedEngine? host = null, double fraction = 1, Dictionary<string, string>? placement = null,
        TextWriter? output = null, CancellationToken cancellation = default)
    {
        host ??= new ScriptedEngine();
        using RunConsole console = new(output ?? TextWriter.Null, live: false);
        return new ExperimentVerify(scratch.Resolve(host, placement), console, fraction).Execute(cancellation);
    }
}
