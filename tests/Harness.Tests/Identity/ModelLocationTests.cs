using Harness.Identity;
using Harness.Kernels.Diagnostics;
using Harness.Tests.Experiments.Fakes;

namespace Harness.Tests.Identity;

[TestFixture]
[NonParallelizable]
sealed class ModelLocationTests
{
    string folder = null!;
    string? before;

    [SetUp]
    public void SetUp()
    {
        before = Environment.GetEnvironmentVariable(ExperimentPaths.DataVariable);
        folder = Directory.CreateTempSubdirectory("data-").FullName;
        Environment.SetEnvironmentVariable(ExperimentPaths.DataVariable, folder);
    }

    [TearDown]
    public void TearDown()
    {
        Environment.SetEnvironmentVariable(ExperimentPaths.DataVariable, before);
        Directory.Delete(folder, recursive: true);
    }

    [Test]
    public void A_model_that_a_command_names_is_looked_for_under_the_data_folder_too()
    {
        string model = Path.Combine(folder, "models", "m.gguf");
        Directory.CreateDirectory(Path.GetDirectoryName(model)!);
        File.WriteAllBytes(model, [1]);
        Assert.That(ModelLocation.Find(new ScriptedEngine(), "models/m.gguf").Opens, Is.EqualTo(model));
    }

    [Test]
    public void An_absent_model_names_the_variable_and_what_it_is()
    {
        HarnessException absent = Assert.Throws<HarnessException>(() => ModelLocation.Find(new ScriptedEngine(), "models/no.gguf"))!;
        Assert.That(absent.ToCanonicalLine(),
            Does.StartWith("harness: error HRN0201: ")
            .And.Contain($"{ExperimentPaths.DataVariable}, the folder of models and data, is '{folder}'"));
        Environment.SetEnvironmentVariable(ExperimentPaths.DataVariable, null);
        Assert.That(
            () => ModelLocation.Find(new ScriptedEngine(), "models/no.gguf"),
            Throws.TypeOf<HarnessException>().With.Message.Contains("is not set"));
    }

    [TestCase("HEAD"), TestCase("")]
    public void A_repository_ends_where_another_begins(string head)
    {
        string inner = Path.Combine(folder, "inner", "studies", "vote"), git = Path.Combine(folder, "inner", ".git");
        Directory.CreateDirectory(inner);
        if (head.Length > 0)
            Directory.CreateDirectory(git);
        File.WriteAllText(Path.Combine(git, head), "ref");
        Directory.CreateDirectory(Path.Combine(folder, "harness", "build"));
        File.WriteAllText(Path.Combine(folder, "harness", "build", "Experiment.props"), "<Project />");
        Assert.That(ExperimentPaths.RepositoryRoot(inner), Is.EqualTo(Path.Combine(folder, "inner")));
        Assert.That(ExperimentPaths.RepositoryRoot(Path.Combine(folder, "results")), Is.EqualTo(folder));
    }
}
