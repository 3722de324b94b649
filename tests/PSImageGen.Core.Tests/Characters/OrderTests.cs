using PSImageGen.Core.Characters;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Requests;

namespace PSImageGen.Core.Tests.Characters;

/// <summary>What may be on a sheet, and what it is called.</summary>
public class OrderTests
{
    private static CharacterOrder Order(string name = "Mira", string? description = "a fox in a coat", string? batchId = null) =>
        new(name, new RequestDraft { Prompt = description }, new Selection(), Path.GetTempPath(), batchId);

    [Fact]
    public void Portrait_expressions_angles_and_full_body_come_in_this_order()
    {
        Assert.Equal(
            [CharacterStage.Expression, CharacterStage.Angle, CharacterStage.FullBody],
            Order().Places().Select(p => p.Stage).Distinct());
        Assert.Equal(CharacterOrder.UsualExpressions.Count + CharacterOrder.UsualAngles.Count + 1, Order().Places().Count);
        Assert.Empty(new CharacterOrder("Mira", new RequestDraft { Prompt = "a fox" }, new Selection(), Path.GetTempPath()) { Expressions = [], Angles = [], FullBody = false }.Places());
    }

    [Fact]
    public void The_batch_id_follows_from_the_name()
    {
        Assert.Equal("character-mira", Order().BatchId);
        Assert.Equal("mine", Order(batchId: "mine").BatchId);
        Assert.Matches("^character-[0-9a-f]{6}$", Order("小明").BatchId);
        Assert.NotEqual(Order("小明").BatchId, Order("小红").BatchId);
        Assert.Matches("^character-o-neil-[0-9a-f]{6}$", Order("O'Neil").BatchId);
    }

    [Theory]
    [InlineData("a/b", "a fox", null)]
    [InlineData("Mira", "  ", null)]
    [InlineData("Mira", null, null)]
    [InlineData("Mira", "a fox", "no id!")]
    public void What_cannot_be_a_sheet_is_said_at_once(string name, string? description, string? batchId) =>
        Assert.Equal(ImageErrorId.InvalidRequest, Assert.Throws<AIImageException>(() => Order(name, description, batchId)).Error.Id);

    [Fact]
    public void A_place_is_named_once_and_there_are_not_too_many()
    {
        CharacterOrder With(string[] expressions, string[] angles) =>
            new("Mira", new RequestDraft { Prompt = "a fox" }, new Selection(), Path.GetTempPath()) { Expressions = expressions, Angles = angles };

        Assert.Throws<AIImageException>(() => With(["happy", "Happy"], []).Places());
        Assert.Throws<AIImageException>(() => With(["full body"], []).Places());
        Assert.Throws<AIImageException>(() => With(["happy", " "], []).Places());
        Assert.Throws<AIImageException>(() => With([.. Enumerable.Range(0, 51).Select(i => $"mood {i}")], []).Places());
        Assert.Equal(51, With([.. Enumerable.Range(0, 50).Select(i => $"mood {i}")], []).Places().Count);
    }
}
