extern alias Builtin;

using Builtin::Harness.Figures;

namespace Harness.Tests.Figures;

[TestFixture]
sealed class SvgFragmentTests
{
    [TestCase("""<path d="M52.0371 396.551L486.648 -0.04"/>""", """<path d="M52 396.6L486.6 0"/>""")]
    [TestCase("""<path fill="#6E7681" fill-opacity="0.1490" d="M1.25 2"/>""", """<path fill="#6e7681" fill-opacity="0.15" d="M1.3 2"/>""")]
    [TestCase("""<path stroke="#E4E7EB" d="M1e-05 3L2.5e-07 1"/>""", """<path stroke="#e4e7eb" d="M0 3L0 1"/>""")]
    [TestCase("""<g clip-path="url(#cl_3)"><rect/></g>""", "<g><rect/></g>")]
    [TestCase("""<rect fill="white" fill-opacity="0" width="800" height="450"/>""", "")]
    public void Fragment_is_rounded_and_without_what_cannot_be_seen(string drawn, string fragment) =>
        Assert.That(
            SvgFragment.Of($"<?xml version=\"1.0\"?>\r\n<svg width=\"8\">\r\n\t{drawn}\r\n</svg>\r\n"),
            Is.EqualTo(fragment.Length == 0 ? "" : fragment + "\n"));

    [Test]
    public void Clip_paths_go_with_their_content() =>
        Assert.That(SvgFragment.Of("<svg>\n<clipPath id=\"c\">\n<rect x=\"1\"/>\n</clipPath>\n<g/>\n</svg>"), Is.EqualTo("<g/>\n"));
}
