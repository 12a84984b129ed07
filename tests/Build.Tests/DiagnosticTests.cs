using Kernels.Tests.Checkpoints;

namespace Build.Tests;

/// <summary>
/// One mistake a manifest. All are built by one `dotnet build results`, which goes on after a failed experiment, so that a mistake
/// costs no build of its own.
/// </summary>
public sealed class DiagnosticTests
{
    static readonly Mistake[] Mistakes =
    [
        new("property", "HRN0001", "<Seed>1</Seed>", "<Sed>1</Sed>", "Sed>", "Seed"),
        new("item", "HRN0002", "<Pool Include=\"search\"", "<Pol Include=\"search\"", "Pol ", "Pool"),
        new("pool-attribute", "HRN0003", "Samples=\"4\"", "Smaples=\"4\"", "Smaples", "Samples"),
        new("strategy-attribute", "HRN0003", "Multipliers=\"1;2;4\"", "Multiplier=\"1;2;4\"", "Multiplier=", "Multipliers"),
        new("strategy", "HRN0004", "Include=\"majority-vote\"", "Include=\"majority-vot\"", "Include=\"majority-vot\"", "majority-vote"),
        new("task", "HRN0005", "Task=\"sum\"", "Task=\"sums\"", "Task=\"sums\"", "'sum'"),
        new("pool-name", "HRN0006", "Pool=\"think\"", "Pool=\"thikn\"", "Pool=\"thikn\"", "think"),
        new("number", "HRN0007", "Problems=\"4\"", "Problems=\"four\"", "Problems=\"four\"", "four"),
        new("range", "HRN0007", "Samples=\"4\"", "Samples=\"4\" Temperature=\"-1\"", "Temperature", "-1"),
        new("precision", "HRN0007", "<Precision>f32<", "<Precision>f23<", "Precision>", "f32"),
        new("seed", "HRN0007", "<Seed>1<", "<Seed>one<", "Seed>", "one"),
        new("no-model", "HRN0008", "<Model>model</Model>", "", null, "Model"),
        new("no-task", "HRN0008", "Task=\"sum\" ", "", "Pool Include=\"think\"", "Task"),
        new("two-pools", "HRN0009", "Include=\"search\"", "Include=\"think\"", "Include=\"think\" Task=\"countdown\"", "think"),
        new("multiplier", "HRN0010", "Multipliers=\"1;2;4\"", "Multipliers=\"1;2;8\"", "Multipliers=\"1;2;8\"", "8"),
        new("vote", "HRN0011", "Include=\"coverage\"", "Include=\"majority-vote\"", "Include=\"majority-vote\" Pool=\"search\"",
            "countdown"),
        new("device", "HRN0101", "<Seed>1</Seed>", "<Device>tpu</Device>", "Device>", "cuda"),
        new("prompt", "HRN0304", "Prompt=\"think\" Difficulty=\"3;5\"", "Prompt=\"thnik\" Difficulty=\"3;5\"", "Prompt=\"thnik\"", "think"),
        new("cut-model", "HRN0203", "<Model>model</Model>", "<Model>cut.gguf</Model>", null,
            "output.weight") { Input = ("cut.gguf", CutModel()) },
        new("broken-line", "HRN0302", "Task=\"sum\" Prompt=\"think\" Difficulty=\"3;5\"",
            "Task=\"jsonl\" Data=\"own.jsonl\" Prompt=\"think\"", null, "JSON")
        {
            Input = ("own.jsonl", "{\"question\": \"sum 3 + 4 =\", \"answer\": \"7\"}\n\n{\"question\": \"sum 3 +\n"u8.ToArray()),
            LineOfInput = 3,
        },
        new("context", "HRN0305", "MaxTokens=\"40\"", "MaxTokens=\"400\"", null, "128"),
    ];

    ScratchRepository scratch = null!;
    BuildOutcome outcome = null!;

    static IEnumerable<TestCaseData> Cases => Mistakes.Select(mistake => new TestCaseData(mistake).SetArgDisplayNames(mistake.Name));

    [OneTimeSetUp]
    public void BuildAll()
    {
        scratch = new ScratchRepository();
        foreach (Mistake mistake in Mistakes)
        {
            scratch.Write(mistake.Name, mistake.Manifest);
            if (mistake.Input is { } input)
                File.WriteAllBytes(scratch.Results(mistake.Name, input.Name), input.Content);
        }
        outcome = scratch.Build(".");
    }

    [OneTimeTearDown]
    public void TearDown() => scratch.Dispose();

    [TestCaseSource(nameof(Cases))]
    public void Names_its_code_and_its_place_once(Mistake mistake)
    {
        string file = scratch.Results(mistake.Name, mistake.Input?.Name ?? $"{mistake.Name}.proj");
        LoggedDiagnostic[] errors = [.. outcome.Errors.Where(error => error.File == file)];

        Assert.That(errors.Select(error => error.Code), Is.EqualTo((string[])[mistake.Code]), outcome.Output);
        Assert.That(errors[0].Text, Does.Contain(mistake.Mentions));
        if (mistake.Place is { } place)
            Assert.That((errors[0].Line, errors[0].Column), Is.EqualTo(PlaceIn(mistake.Manifest, place)));
        if (mistake.LineOfInput is { } line)
            Assert.That(errors[0].Line, Is.EqualTo(line));
    }

    [TestCaseSource(nameof(Cases))]
    public void Writes_nothing_beside_the_manifest(Mistake mistake) =>
        Assert.That(scratch.Committed(mistake.Name).Keys,
            Is.EquivalentTo(new[] { $"{mistake.Name}.proj", mistake.Input?.Name }.OfType<string>()));

    [Test]
    public void Fails_the_build_with_nothing_but_the_mistakes()
    {
        Assert.That(outcome.ExitCode, Is.Not.Zero);
        Assert.That(outcome.Errors, Has.Count.EqualTo(Mistakes.Length), outcome.Output);
    }

    /// <summary>A GGUF file whose last tensor has lost its end.</summary>
    static byte[] CutModel() => new GgufWriter()
        .Add("general.architecture", "llama")
        .Add("token_embd.weight", [16, 8], new float[128])
        .Add("output.weight", [16, 8], new float[128])
        .ToBytes()[..^100];

    /// <summary>One-based.</summary>
    static (int Line, int Column) PlaceIn(string text, string part)
    {
        int at = text.IndexOf(part, StringComparison.Ordinal);
        string before = text[..at];
        return (before.Count(c => c == '\n') + 1, at - (before.LastIndexOf('\n') + 1) + 1);
    }

    /// <param name="Place">Text that starts where the message points; null: the file alone.</param>
    /// <param name="Mentions">What the message must hold: the nearest name, or the value.</param>
    public sealed record Mistake(string Name, string Code, string Right, string Wrong, string? Place, string Mentions)
    {
        public string Manifest => Manifests.Sums.Contains(Right, StringComparison.Ordinal)
            ? Manifests.Sums.Replace(Right, Wrong)
            : throw new InvalidOperationException($"the manifest does not hold {Right}");

        /// <summary>A file beside the manifest that is itself the mistake: the message then points into it.</summary>
        public (string Name, byte[] Content)? Input { get; init; }

        public int? LineOfInput { get; init; }
    }
}
