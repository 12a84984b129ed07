using System.Globalization;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Diagnostics;
using static Kernels.Tests.Checkpoints.Refusals;

namespace Kernels.Tests.Checkpoints;

sealed class SyntheticModelTests
{
    const string Name = "synthetic:llama?d=64&layers=2&heads=4&kv=2&ffn=96&vocab=100&context=32&seed=7";

    [Test]
    public void Weights_depend_on_seed_and_place_alone()
    {
        using Checkpoint model = ModelFiles.Open(Name);
        using Checkpoint again = ModelFiles.Open(Name);
        using Checkpoint other = ModelFiles.Open(Name.Replace("seed=7", "seed=8"));
        string tensor = TensorNames.InLayer(1, "gate");

        float[] all = Read(model, tensor, 0, 96);

        Assert.That(Read(again, tensor, 0, 96), Is.EqualTo(all));
        Assert.That(Read(model, tensor, 17, 3), Is.EqualTo(all[(17 * 64)..(20 * 64)]));
        Assert.That(Read(other, tensor, 0, 96), Is.Not.EqualTo(all));
        Assert.That(Read(model, TensorNames.InLayer(0, "gate"), 0, 96), Is.Not.EqualTo(all));
    }

    [Test]
    public void Weights_have_the_deviation_that_keeps_activations_of_order_one()
    {
        using Checkpoint model = ModelFiles.Open(Name);
        float[] values = Read(model, TensorNames.InLayer(0, "gate"), 0, 96);

        double mean = values.Average(value => (double)value);
        double deviation = Math.Sqrt(values.Average(value => (value - mean) * (value - mean)));

        Assert.That(mean, Is.EqualTo(0).Within(0.01));
        Assert.That(deviation, Is.EqualTo(1 / Math.Sqrt(64)).Within(0.004));
    }

    [Test]
    public void Norms_lie_around_one_and_the_head_is_tied_unless_asked()
    {
        using Checkpoint model = ModelFiles.Open(Name);
        using Checkpoint untied = ModelFiles.Open(Name + "&tied=0");
        var norm = new float[64];

        model.ReadRows(TensorNames.FinalNorm, 0, norm);

        Assert.That(norm, Has.All.InRange(0.5f, 1.5f));
        Assert.That(norm.Distinct().Count(), Is.GreaterThan(30));
        Assert.That(model.Has(TensorNames.Head), Is.False);
        Assert.That(untied.Has(TensorNames.Head), Is.True);
        Assert.That(model.Tokenizer, Is.Null);
        Assert.That(model.ChatTemplate, Is.Null);
    }

    [Test]
    public void The_content_hash_is_of_the_shape_and_not_of_its_spelling()
    {
        using Checkpoint model = ModelFiles.Open(Name);
        using Checkpoint spelled =
            ModelFiles.Open("synthetic:llama?seed=7&context=32&layers=2&d=64&heads=4&head=16&kv=2&vocab=100&ffn=96&tied=1");
        using Checkpoint other = ModelFiles.Open(Name.Replace("ffn=96", "ffn=97"));

        Assert.That(spelled.ContentHash, Is.EqualTo(model.ContentHash));
        Assert.That(other.ContentHash, Is.Not.EqualTo(model.ContentHash));
    }

    // Published counts of parameters: huggingface.co/HuggingFaceTB/SmolLM2-135M, Qwen/Qwen2.5-0.5B, Qwen/Qwen2.5-1.5B.
    [TestCase("135m", 134_515_008)]
    [TestCase("0.5b", 494_032_768)]
    [TestCase("1.5b", 1_543_714_304)]
    public void A_preset_has_the_parameters_of_its_model(string name, long parameters)
    {
        using Checkpoint model = ModelFiles.Open($"synthetic:{name}");

        Assert.That(TensorLayout.Of(model.Config).Sum(tensor => (long)tensor.Rows * tensor.Columns), Is.EqualTo(parameters));
        Assert.That(
            SyntheticShape.Presets.Single(preset => preset.Name == name).About,
            Does.Contain(parameters.ToString("N0", CultureInfo.InvariantCulture)));
    }

    [Test]
    public void A_preset_is_the_model_of_its_shape_written_out()
    {
        foreach (SyntheticPreset preset in SyntheticShape.Presets)
        {
            using Checkpoint named = ModelFiles.Open($"synthetic:{preset.Name.ToUpperInvariant()}");
            using Checkpoint written = ModelFiles.Open($"synthetic:{preset.Shape}&seed=1");

            Assert.That(named.ContentHash, Is.EqualTo(written.ContentHash));
            Assert.That(named.Config, Is.EqualTo(written.Config));
        }
    }

    [Test]
    public void A_preset_takes_numbers_of_its_own()
    {
        using Checkpoint changed = ModelFiles.Open("synthetic:0.5b?layers=2&seed=3&heads=7&kv=1");

        Assert.That(
            changed.Config,
            Is.EqualTo(ModelFiles.Open("synthetic:0.5b").Config with { Layers = 2, Heads = 7, KvHeads = 1, HeadWidth = 128 }));
    }

    [Test]
    public void Biases_lie_around_zero()
    {
        using Checkpoint model = ModelFiles.Open("synthetic:qwen2?d=64&layers=1&heads=4&ffn=96&vocab=100");
        var bias = new float[64];

        model.ReadRows(TensorNames.InLayer(0, "q_bias"), 0, bias);

        Assert.That(bias, Has.All.InRange(-0.5f, 0.5f));
        Assert.That(bias.Average(), Is.EqualTo(0).Within(0.1));
    }

    [TestCase("llama", "mixtral", true)]
    [TestCase("qwen2", "qwen2_moe", false)]
    [TestCase("qwen3", "qwen3_moe", true)]
    public void A_mixture_of_experts_is_of_its_familys_kind(string family, string architecture, bool normalised)
    {
        string name = Name.Replace("llama", family) + "&experts=6&active=2";
        using Checkpoint model = ModelFiles.Open(name), other = ModelFiles.Open(name.Replace("active=2", "active=3"));
        Assert.That(model.Config.Architecture, Is.EqualTo(architecture));
        Assert.That(model.Config.Experts, Is.EqualTo(new ExpertShape { Count = 6, Active = 2, Normalised = normalised }));
        Assert.That(other.ContentHash, Is.Not.EqualTo(model.ContentHash));
        Assert.That(Read(model, TensorNames.InLayer(1, TensorNames.OfExpert(5, "gate")), 0, 96), Has.Some.Not.Zero);
    }

    [TestCase("synthetic:llama?d=64&layers=2&heads=4&ffn=96&vocab=100&experts=4&active=5", "active 5 is more than experts 4")]
    [TestCase("synthetic:llama?d=64&layers=2&heads=4&ffn=96&vocab=100&experts=4", "together")]
    [TestCase("synthetic:llama?d=64&layers=2&heads=4&ffn=96&vocab=100&experts=2000&active=1", "experts 2000")]
    [TestCase("synthetic:llama?d=64&layers=2&heads=4&ffn=96&vocab=100&expert=2&active=1", "did you mean 'experts'")]
    [TestCase("synthetic:gpt2?d=64", "gpt2")]
    [TestCase("synthetic:0.6b", "'0.6b' is not one of 135m, 0.5b, 1.5b, llama, qwen2, qwen3; did you mean '0.5b'?")]
    [TestCase("synthetic:", "'' is not one of")]
    [TestCase("synthetic:135m?", "'' is not one of")]
    [TestCase("synthetic:135m?layer=3", "did you mean 'layers'")]
    [TestCase("synthetic:135m?layers=3&layers=4", "twice")]
    [TestCase("synthetic:135m?heads=7", "d 576")]
    [TestCase("synthetic:llama", "d is missing")]
    [TestCase("synthetic:llama?d=64", "heads")]
    [TestCase("synthetic:llama?d=64&layers=2&heads=4&ffn=96&vocab=100&colour=3", "colour")]
    [TestCase("synthetic:llama?d=64&d=64&layers=2&heads=4&ffn=96&vocab=100", "twice")]
    [TestCase("synthetic:llama?d=x&layers=2&heads=4&ffn=96&vocab=100", "x")]
    [TestCase("synthetic:llama?d=0&layers=2&heads=4&ffn=96&vocab=100", "d 0")]
    [TestCase("synthetic:llama?d=99999999999&layers=2&heads=4&ffn=96&vocab=100", "d 99999999999")]
    [TestCase("synthetic:llama?d=64&layers=2&heads=5&ffn=96&vocab=100", "heads 5")]
    [TestCase("synthetic:llama?d=64&layers=2&heads=4&kv=3&ffn=96&vocab=100", "kv 3")]
    [TestCase("synthetic:llama?d=12&layers=2&heads=4&ffn=96&vocab=100", "even")]
    [TestCase("synthetic:llama?d=64&layers=2&heads=4&ffn=96&vocab=100&seed=-1", "seed")]
    [TestCase("synthetic:llama?d=64&layers=2&heads=4&ffn=96&vocab=524288", "vocab 524288")]
    public void A_wrong_name_is_refused(string name, string culprit) => AssertRefused(name, KernelCodes.SyntheticModel, culprit);

    static float[] Read(Checkpoint model, string tensor, int row, int count)
    {
        var values = new float[count * 64];
        model.ReadRows(tensor, row, values);
        return values;
    }
}
