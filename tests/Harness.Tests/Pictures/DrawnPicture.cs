extern alias Builtin;

using Builtin::Harness.Pictures;

namespace Harness.Tests.Pictures;

/// <summary>A picture and where its numbers come from.</summary>
sealed record DrawnPicture(Picture Picture, Func<IEnumerable<PictureRow>> Rows)
{
    public override string ToString() => Picture.Name;
}
