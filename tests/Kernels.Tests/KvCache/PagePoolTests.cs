using Harness.Kernels.KvCache;

namespace Kernels.Tests.KvCache;

public class PagePoolTests
{
    [Test]
    public void A_page_is_free_when_its_last_holder_lets_go()
    {
        var pool = new PagePool(2);
        int page = pool.Rent();
        pool.Retain(page);
        pool.Release(page);
        Assert.That((pool.References(page), pool.Available), Is.EqualTo((1, 1)));
        pool.Release(page);
        Assert.That((pool.References(page), pool.Available), Is.EqualTo((0, 2)));
    }

    [Test]
    public void Pages_are_numbered_from_zero_and_used_again()
    {
        var pool = new PagePool(3);
        Assert.That(new[] { pool.Rent(), pool.Rent() }, Is.EqualTo(new[] { 0, 1 }));
        pool.Release(0);
        Assert.That(new[] { pool.Rent(), pool.Rent() }, Is.EqualTo(new[] { 0, 2 }));
        Assert.That(pool.Rent, Throws.InvalidOperationException.With.Message.Contains("all 3 pages"));
    }

    [Test]
    public void A_page_that_nobody_holds_is_neither_retained_nor_released()
    {
        var pool = new PagePool(2);
        Assert.That(() => pool.Retain(0), Throws.InvalidOperationException);
        pool.Release(pool.Rent());
        Assert.That(() => pool.Release(0), Throws.InvalidOperationException);
        Assert.That(() => pool.Retain(0), Throws.InvalidOperationException);
    }

    [Test]
    public void A_shared_page_is_replaced_before_it_is_written_and_an_own_one_is_not()
    {
        var pool = new PagePool(5);
        SequencePages parent = new(3), child = new(3);
        Assert.That(pool.PrepareWrite(parent, 0), Is.Null);
        Assert.That(pool.PrepareWrite(parent, 64), Is.Null);
        pool.Share(parent, 2, child);
        Assert.That(pool.PrepareWrite(child, 100), Is.EqualTo(new PageCopy(1, 2, 36)));
        Assert.That(child.Pages[..2], Is.EqualTo(new[] { 0, 2 }));
        Assert.That(parent.Pages[..2], Is.EqualTo(new[] { 0, 1 }));
        Assert.That(pool.PrepareWrite(child, 101), Is.Null);
        Assert.That(pool.PrepareWrite(parent, 100), Is.Null, "nobody else holds it any more");
        pool.Release(parent);
        Assert.That(pool.References(0), Is.EqualTo(1));
        pool.Release(child);
        Assert.That((pool.Available, child.Count), Is.EqualTo((5, 0)));
    }

    [Test]
    public void The_first_token_of_a_shared_page_needs_no_copy()
    {
        var pool = new PagePool(3);
        SequencePages parent = new(2), child = new(2);
        pool.PrepareWrite(parent, 0);
        pool.Share(parent, 1, child);
        Assert.That(pool.PrepareWrite(child, 0), Is.Null);
        Assert.That(child.Pages[0], Is.EqualTo(1));
    }
}
