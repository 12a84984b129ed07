using Harness.Manifests;
using Harness.Registry;
using Harness.Tests.Shared;

namespace Harness.Tests.Manifests;

[TestFixture]
sealed class ExperimentsPageTests
{
    static string Page => ExperimentsPage.Markdown(Registered.All);

    [Test]
    public void Committed_page_is_what_the_tables_say() => Assert.That(
        File.ReadAllText(Path.Combine(Repository.Root, "docs", "experiments.md")), Is.EqualTo(Page),
        "docs/experiments.md is made by: harness explain --experiments > docs/experiments.md");

    [Test]
    public void Every_name_that_a_manifest_may_use_is_on_the_page()
    {
        string[] names =
        [
            .. AttributeTable.ExperimentProperties, .. AttributeTable.PlacementProperties, .. AttributeTable.OfPools(Registered.All),
                .. AttributeTable.OfStrategies(Registered.All), .. AttributeTable.OfData, .. AttributeTable.OfTrains,
            .. Registered.All.Tasks.Select(task => task.Name), .. Registered.All.Strategies.Select(strategy => strategy.Name),
                .. Registered.All.Verifiers.Select(verifier => verifier.Name),
        ];
        Assert.That(names.Where(name => !Page.Contains($"`{name}`")), Is.Empty);
    }
}
