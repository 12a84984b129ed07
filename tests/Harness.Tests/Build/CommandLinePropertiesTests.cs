using Harness.Build;

namespace Harness.Tests.Build;

[TestFixture]
sealed class CommandLinePropertiesTests
{
    [TestCase("Smaples", "8", "HRN0001", "did you mean 'Samples'?")]
    [TestCase("Bogus", "1", "HRN0001", "valid: Title, Model, Seed, Samples, Temperature, MaxTokens, Tokens, Threads, and POOL-NAME")]
    [TestCase("HarnesProgram", "p", "HRN0001", "did you mean 'HarnessProgram'?")]
    [TestCase("think-Temprature", "1", "HRN0001", "did you mean 'think-Temperature'?"),
        TestCase("thikn-Samples", "1", "HRN0001", "did you mean 'think-Samples'?")]
    [TestCase("Samples", "", "HRN0008", "-p:Samples=VALUE"), TestCase("think-Samples", " ", "HRN0008", "has no value"),
        TestCase("Threads", "", "HRN0008", "has no value")]
    public void A_property_that_would_do_nothing_is_a_mistake(string name, string value, string code, string message)
    {
        (string Code, string Message)[] mistakes = [.. Properties((name, value)).Mistakes()];
        Assert.That(mistakes.Select(mistake => mistake.Code), Is.EqualTo(new[] { code }));
        Assert.That(mistakes[0].Message, Does.Contain($"'{name}'").And.Contain(message));
    }

    [Test]
    public void Properties_of_MSBuild_and_the_authors_own_are_none() => Assert.That(
        Properties(("Configuration", "Debug"), ("RestoreLockedMode", "true"), ("NuGetInteractive", "false"), ("_Half", ""),
            ("MSBuildTreatWarningsAsErrors", "true"), ("Width", "6")).Mistakes(), Is.Empty);

    [Test]
    public void Overrides_of_one_pool_come_after_those_of_all()
    {
        CommandLineProperties properties = Properties(("think-Samples", "3"), ("samples", "2"), ("v1-5-MaxTokens", "9"), ("Seed", "4"));
        Assert.That(properties.Overrides,
            Is.EqualTo(new ItemOverride[] { new(null, "Samples", "2"), new("think", "Samples", "3"), new("v1.5", "MaxTokens", "9") }));
        Assert.That(properties.Changes, Is.EqualTo(new[] { "Seed", "Samples", "think.Samples", "v1.5.MaxTokens" }));
        Assert.That(properties.OfOnePool, Is.EqualTo(new[] { "think-Samples", "v1-5-MaxTokens" }));
    }

    [Test]
    public void A_model_to_train_is_overridden_as_a_pool_is()
    {
        CommandLineProperties properties = Properties(("base-Tokens", "1M"), ("Tokens", "2M"), ("think-Tokens", "3M"));
        Assert.That(properties.Overrides, Is.EqualTo(new ItemOverride[] { new(null, "Tokens", "2M"), new("base", "Tokens", "1M") }));
        Assert.That(properties.Mistakes().Single().Message, Does.Contain("'think-Tokens'"), "a pool has none");
    }

    static CommandLineProperties Properties(params (string Name, string Value)[] given) =>
        new(given.ToDictionary(pair => pair.Name, pair => pair.Value, StringComparer.OrdinalIgnoreCase), ["think", "v1.5"], ["base"])
        {
            Experiment = ["Title", "Model", "Seed"],
            PoolAttributes = ["Samples", "Temperature", "MaxTokens"],
            TrainAttributes = ["Tokens"],
            Placement = ["Threads"],
            OfTheBuild = ["HarnessProgram"],
            IsOwn = name => name == "Width",
        };
}
