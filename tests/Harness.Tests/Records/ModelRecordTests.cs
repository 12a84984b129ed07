using System.Text.Json.Nodes;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using Harness.Kernels.Models;
using Harness.Records;

namespace Harness.Tests.Records;

[TestFixture]
sealed class ModelRecordTests
{
    const string Name = "synthetic:llama?d=16&layers=2&heads=2&ffn=24&vocab=40&context=64";

    [TestCase(Name)]
    [TestCase(Name + "&experts=6&active=2")]
    public void What_is_written_is_read_back_and_counts_the_same_operations(string name)
    {
        using Checkpoint model = ModelFiles.Open(name);
        JsonObject written = new ModelRecord(model.Config, 64, HasChatTemplate: false).Write();
        ModelConfig read = ModelRecord.Read(new JsonObject { ["model"] = written }, "run.json").Shape!;
        Assert.That(read.Experts, Is.EqualTo(model.Config.Experts));
        Assert.That(ModelFlops.Generation(read, 10, 20), Is.EqualTo(ModelFlops.Generation(model.Config, 10, 20)));
        Assert.That(
            written.ContainsKey("experts"), Is.EqualTo(model.Config.Experts is not null), "records of dense models stay as they were");
    }

    [Test]
    public void A_mixture_without_its_active_experts_is_no_model()
    {
        using Checkpoint model = ModelFiles.Open(Name + "&experts=6&active=2");
        JsonObject written = new ModelRecord(model.Config, 64, HasChatTemplate: false).Write();
        written.Remove("experts_active");
        Assert.That(() => ModelRecord.Read(new JsonObject { ["model"] = written }, "run.json"), Throws.InstanceOf<HarnessException>());
    }
}
