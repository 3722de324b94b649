using System.Text.Json.Nodes;
using PSImageGen.Core.Characters;
using PSImageGen.Core.Planning;
using PSImageGen.Core.Tests.Support;

namespace PSImageGen.Core.Tests.Characters;

/// <summary>A passport leads later calls to the character, wherever its folder lies now.</summary>
public class PassportTests
{
    [Fact]
    public async Task A_passport_names_all_that_was_made_and_how()
    {
        await using Spine spine = await Spine.StartAsync();

        Made made = await spine.MakeAsync(spine.Small(new Selection { Provider = "Demo" }), Studio.Always(DriftState.Passed, 0.8));

        JsonNode json = JsonNode.Parse(File.ReadAllText(made.Sheet!.Passport))!;
        Assert.Equal("Mira.character.json", Path.GetFileName(made.Sheet.Passport));
        Assert.Equal(("Mira", "a woman with short red hair", "Demo", "Passed"), ((string)json["name"]!, (string)json["description"]!, (string)json["provider"]!, (string)json["drift"]!));
        JsonNode happy = json["pictures"]!.AsArray().Single(p => (string)p!["label"]! == "happy")!;
        Assert.Equal("Mira-happy.png", (string)happy["path"]!);
        Assert.Equal(made["happy"].Sha256, (string)happy["sha256"]!);
        Assert.NotNull((long?)happy["seed"]);
        Assert.Equal("Mira-sheet.png", (string)json["contact_sheet"]!);
    }

    [Fact]
    public async Task A_folder_that_was_moved_is_a_character_still()
    {
        await using Spine spine = await Spine.StartAsync();
        Made made = await spine.MakeAsync(spine.Small(new Selection { Provider = "Demo" }));
        string moved = spine.Folder + "-moved";
        Directory.Move(spine.Folder, moved);

        CharacterPassport passport = CharacterPassport.Read(Path.Combine(moved, "Mira.character.json"));

        Assert.Equal(["Mira-portrait.png", "Mira-full-body.png", "Mira-profile.png", "Mira-happy.png"], passport.References().Select(Path.GetFileName));
        Assert.All(passport.References(), path => Assert.StartsWith(moved, path, StringComparison.Ordinal));
        Assert.Equal("a woman with short red hair. She sails.", passport.Precede("She sails."));
        Assert.NotNull(made.Sheet);
    }

    [Fact]
    public async Task A_picture_that_the_check_rejected_stands_for_nobody()
    {
        await using Spine spine = await Spine.StartAsync();
        Made made = await spine.MakeAsync(spine.Small(new Selection { Provider = "Demo" }),
            (_, picture, _) => Task.FromResult(new DriftAnswer(picture.Contains("profile", StringComparison.Ordinal) ? DriftState.Failed : DriftState.Passed)));

        Assert.DoesNotContain(CharacterPassport.Read(made.Sheet!.Passport).References(), path => path.Contains("profile", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_portrait_that_is_gone_or_another_one_is_said()
    {
        await using Spine spine = await Spine.StartAsync();
        Made made = await spine.MakeAsync(spine.Small(new Selection { Provider = "Demo" }));
        CharacterPassport passport = CharacterPassport.Read(made.Sheet!.Passport);

        File.AppendAllText(made.Sheet.Portrait, "x");
        Assert.Equal(ImageErrorId.InvalidImage, Assert.Throws<AIImageException>(() => passport.References()).Error.Id);
        File.Delete(made.Sheet.Portrait);
        Assert.Contains("gone", Assert.Throws<AIImageException>(() => passport.References()).Error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("no json")]
    [InlineData("""{"schema":1,"name":"Mira","description":"x","pictures":[]}""")]
    [InlineData("""{"schema":2,"name":"Mira","description":"x","pictures":[{"stage":"Portrait","label":"portrait","path":"a.png"}]}""")]
    [InlineData("""{"schema":1,"name":"Mira","description":"x","pictures":[{"stage":"Angle","label":"profile","path":"a.png"}]}""")]
    public void What_is_no_passport_is_refused(string text)
    {
        string path = Path.Combine(Path.GetTempPath(), $"psimagegen-{Guid.NewGuid():N}.character.json");
        File.WriteAllText(path, text);
        try
        {
            Assert.Equal(ImageErrorId.RecordInvalid, Assert.Throws<AIImageException>(() => CharacterPassport.Read(path)).Error.Id);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task Somebody_elses_passport_is_not_written_over()
    {
        await using Spine spine = await Spine.StartAsync();
        Directory.CreateDirectory(spine.Folder);
        string theirs = Path.Combine(spine.Folder, "Mira.character.json");
        File.WriteAllText(theirs, "mine");

        Made made = await spine.MakeAsync(spine.Small(new Selection { Provider = "Demo" }));

        Assert.Equal("mine", File.ReadAllText(theirs));
        Assert.Equal(("Mira-2.character.json", "Mira-2-sheet.png"), (Path.GetFileName(made.Sheet!.Passport), Path.GetFileName(made.Sheet.Path)));
    }
}
