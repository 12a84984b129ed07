using Harness.Records;
using Harness.Tests.Shared;

namespace Harness.Tests.Exactness;

/// <summary>Today's code against what is committed: a seeded hundredth of the samples, and every file derived from them.</summary>
public class CommittedResultsTests
{
    /// <summary>Those that ask a model, or replay samples.</summary>
    public static IEnumerable<string> Experiments => All.Where(name => !MakesModels(name));

    /// <summary>Those that make models.</summary>
    public static IEnumerable<string> Trainings => All.Where(MakesModels);

    static IEnumerable<string> All =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, "results"), "run.json", SearchOption.AllDirectories)
        .Select(file => Path.GetFileName(Path.GetDirectoryName(file)!))
        .Order(StringComparer.Ordinal);

    static bool MakesModels(string name) => File.Exists(Path.Combine(Repository.Root, "results", name, TrainingTable.Csv.FileName));

    [TestCaseSource(nameof(Experiments))]
    public void Committed_results_are_what_the_code_gives(string experiment)
    {
        HarnessProcess verify = HarnessProcess.Run(["verify", Path.Combine("results", experiment), "--sample", "0.01"]);
        if (verify.ExitCode == 2
            && (verify.Error.Contains("HRN0201", StringComparison.Ordinal) || verify.Error.Contains("HRN0301", StringComparison.Ordinal)))
            Assert.Ignore($"{experiment}: its model or data is not here: {verify.Error.Trim()}");
        if (verify.Output.Contains("HRN0506", StringComparison.Ordinal))
            Assert.Ignore($"{experiment}: its recorded file is not here: {verify.Output.Trim()}");
        Assert.That(verify.ExitCode, Is.Zero, verify.Output + verify.Error);
        Assert.That(verify.Output, Does.Contain($"{experiment}: verified"));
    }

    /// <summary>
    /// As many steps as all models have a row of, 20 at most, and all files from the committed rows; the whole of it takes minutes:
    /// `dotnet build results/NAME -t:Verify`.
    /// </summary>
    [TestCaseSource(nameof(Trainings))]
    public void The_first_steps_of_committed_trainings_are_what_the_code_gives(string experiment)
    {
        ILookup<int, string> rows = TrainingTable.Csv.Read(
            Path.Combine(Repository.Root, "results", experiment, TrainingTable.Csv.FileName)).ToLookup(row => row.Step, row => row.Model);
        int models = rows.SelectMany(step => step).Distinct().Count();
        string steps = CsvFields.Write(rows.Where(step => step.Key <= 20 && step.Count() == models).Max(step => step.Key));
        HarnessProcess verify = HarnessProcess.Run(["verify", Path.Combine("results", experiment), "--stop-after", steps]);
        Assert.That(verify.ExitCode, Is.Zero, verify.Output + verify.Error);
        Assert.That(verify.Output, Does.Contain($"{experiment}: the first {steps} step").And.Contain("of each model are verified"));
    }

    [Test]
    public void The_model_of_the_quickstart_is_made_here() => Assert.That(Trainings, Has.Member("base-model"));

    [Test]
    public void The_quickstart_has_committed_results() => Assert.That(Experiments, Has.Member("quickstart"));
}
