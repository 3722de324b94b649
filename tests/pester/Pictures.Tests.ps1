# What is done to pictures: how they come in, what each command makes of them, and what the records remember.

BeforeAll {
    . (Join-Path $PSScriptRoot Common.ps1)
    foreach ($command in 'Edit-AIImage', 'Resize-AIImage', 'New-AIImageVariation', 'Convert-AIImageStyle') {
        $PSDefaultParameterValues["${command}:Confirm"] = $false
    }

    Connect-Vendor

    # A picture on disk, painted offline.
    function Save-Picture([string] $Name = 'source', [string] $Size = '128x64') {
        (New-AIImage "a harbour, $Name" -Provider Demo -Size $Size -Name $Name).Path
    }

    # A mask, its left half white.
    function Save-Mask([int] $Width = 128, [int] $Height = 64) {
        $path = Join-Path $PWD mask.png
        $null = Invoke-RestMethod "$env:FAKE_ORIGIN/elsewhere/mask-${Width}x$Height.png" -OutFile $path
        $path
    }
}

AfterAll { Disconnect-Vendor }

Describe 'How pictures come in' {
    BeforeEach {
        Clear-Vendor
        Enter-Folder
        $null = Save-Picture one
        $null = Save-Picture two
    }

    AfterEach { Pop-Location }

    It 'takes <Form>' -ForEach @(
        @{ Form = 'a path'; Call = { Resize-AIImage one.png -Provider Demo }; Count = 1 }
        @{ Form = 'several paths'; Call = { Resize-AIImage one.png, two.png -Provider Demo }; Count = 2 }
        @{ Form = 'wildcards'; Call = { Resize-AIImage *.png -Provider Demo }; Count = 2 }
        @{ Form = 'a path taken as it is'; Call = { Copy-Item one.png 'odd[1].png'; Resize-AIImage -LiteralPath 'odd[1].png' -Provider Demo }; Count = 1 }
        @{ Form = 'a file of a name with brackets'; Call = { Copy-Item one.png 'odd[1].png'; Resize-AIImage 'odd[1].png' -Provider Demo }; Count = 1 }
        @{ Form = 'texts from the pipeline'; Call = { 'one.png', 'two.png' | Resize-AIImage -Provider Demo }; Count = 2 }
        @{ Form = 'files'; Call = { Get-Item *.png | Resize-AIImage -Provider Demo }; Count = 2 }
        @{ Form = 'rows'; Call = { 'Image,Scale', 'one.png,4', 'two.png,' | ConvertFrom-Csv | Resize-AIImage -Provider Demo }; Count = 2 }
        @{ Form = 'a result'; Call = { New-AIImage x -Provider Demo -Size 64x64 | Resize-AIImage -Provider Demo }; Count = 1 }
        @{ Form = 'words beside what is piped in'; Call = { Get-Item one.png | Edit-AIImage 'at night' -Provider Demo }; Count = 1; Operation = 'Img2Img' }
        @{ Form = 'each picture of a result'; Call = { New-AIImage x -Provider Demo -Size 64x64 -Count 3 | Resize-AIImage -Provider Demo }; Count = 3 }
        @{ Form = 'a link'; Call = { Resize-AIImage "$env:FAKE_ORIGIN/elsewhere/reference.png" -Provider Demo }; Count = 1 }
    ) {
        $results = @(& $Call)

        $results | Should -HaveCount $Count
        $results.Status | Should -Be (@('Succeeded') * $Count)
        $results.Operation | Should -Be (@($Operation ?? 'Upscale') * $Count)
    }

    It 'refuses <What>, and sends nothing' -ForEach @(
        @{ What = 'no picture'; Call = { Resize-AIImage -Provider Demo }; Id = 'InvalidRequest' }
        @{ What = 'a file that is not there'; Call = { Resize-AIImage nowhere.png -Provider Demo }; Id = 'InvalidImage' }
        @{ What = 'wildcards that match nothing'; Call = { Resize-AIImage *.nothing -Provider Demo }; Id = 'InvalidImage' }
        @{ What = 'a text file'; Call = { Set-Content a.txt hello; Resize-AIImage a.txt -Provider Demo }; Id = 'InvalidImage' }
        @{ What = 'a row without a picture'; Call = { [pscustomobject]@{ Scale = 2 } | Resize-AIImage -Provider Demo }; Id = 'InvalidRequest' }
        @{ What = 'a cell that is no number'; Call = { [pscustomobject]@{ Image = 'one.png'; Scale = 'two' } | Resize-AIImage -Provider Demo }; Id = 'InvalidRequest' }
        @{ What = 'a scale of 3'; Call = { Resize-AIImage one.png -Scale 3 -Provider Demo }; Id = 'InvalidRequest' }
        @{ What = 'a strength of 2'; Call = { Edit-AIImage one.png 'night' -Strength 2 -Provider Demo }; Id = 'InvalidRequest' }
        @{ What = 'a variance below 0'; Call = { New-AIImageVariation one.png -Variance -0.1 -Provider Demo }; Id = 'InvalidRequest' }
        @{ What = 'a change without words'; Call = { Edit-AIImage one.png -Provider Demo }; Id = 'InvalidRequest' }
        @{ What = 'repainting without a mask'; Call = { Edit-AIImage one.png 'night' -Mode Inpaint -Provider Demo }; Id = 'InvalidRequest' }
        @{ What = 'a mask where none counts'; Call = { Edit-AIImage one.png 'night' -Mode Img2Img -Mask two.png -Provider Demo }; Id = 'InvalidRequest' }
        @{ What = 'a mask of another size'; Call = { $null = Save-Picture small 64x64; Edit-AIImage one.png 'night' -Mask small.png -Provider Demo }; Id = 'InvalidImage' }
        @{ What = 'nothing to continue'; Call = { Edit-AIImage one.png -Mode Outpaint -Provider Demo }; Id = 'InvalidRequest' }
        @{ What = 'a whole smaller than the picture'; Call = { Edit-AIImage one.png -Mode Outpaint -Size 100x100 -Provider Demo }; Id = 'InvalidRequest' }
        @{ What = 'margins and a size'; Call = { Edit-AIImage one.png -Left 10 -Size 256x256 -Provider Demo }; Id = 'InvalidRequest' }
        @{ What = 'margins where nothing is continued'; Call = { Edit-AIImage one.png 'night' -Mode Img2Img -Left 10 -Provider Demo }; Id = 'InvalidRequest' }
        @{ What = 'a style from nowhere'; Call = { Convert-AIImageStyle one.png -Provider Demo }; Id = 'InvalidRequest' }
        @{ What = 'pictures twice'; Call = { 'one.png' | Resize-AIImage -Image two.png -Provider Demo }; Id = 'InvalidRequest' }
        @{ What = 'what the provider cannot do'; Call = { Resize-AIImage one.png -Provider BFL }; Id = 'Unsupported' }
    ) {
        $failures = @(Get-Failure $Call)

        $failures | Should -HaveCount 1
        $failures[0].FullyQualifiedErrorId | Should -BeLike "$Id,*"
        $failures[0].ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        Get-Order | Should -BeNullOrEmpty
    }

    It 'goes on with the other pictures' {
        $stream = Get-Stream { 'one.png', 'nowhere.png', 'two.png' | Resize-AIImage -Provider Demo }

        $stream.Objects | Should -HaveCount 2
        $stream.Errors | Should -HaveCount 1
    }
}

Describe 'What comes out' {
    BeforeEach {
        Clear-Vendor
        Enter-Folder
        $source = Save-Picture
    }

    AfterEach { Pop-Location }

    It '<Name> gives <Count> picture(s) of <Width>x<Height> and knows its parents' -ForEach @(
        @{ Name = 'a change'; Call = { Edit-AIImage $source 'a city at night' -Provider Demo }; Operation = 'Img2Img'; Count = 1; Width = 128; Height = 64; Parents = 'source' }
        @{ Name = 'a repainted part'; Call = { Edit-AIImage $source 'a boat' -Mask (Save-Mask) -Provider Demo }; Operation = 'Inpaint'; Count = 1; Width = 128; Height = 64; Parents = 'source', 'mask' }
        @{ Name = 'a continued picture'; Call = { Edit-AIImage $source -Left 32 -Down 16 -Provider Demo }; Operation = 'Outpaint'; Count = 1; Width = 160; Height = 80; Parents = , 'source' }
        @{ Name = 'a square around it'; Call = { Edit-AIImage $source -Mode Outpaint -AspectRatio 1:1 -Provider Demo }; Operation = 'Outpaint'; Count = 1; Width = 128; Height = 128; Parents = , 'source' }
        @{ Name = 'an enlargement'; Call = { Resize-AIImage $source -Provider Demo }; Operation = 'Upscale'; Count = 1; Width = 256; Height = 128; Parents = , 'source' }
        @{ Name = 'a large enlargement'; Call = { Resize-AIImage $source -Scale 4 -Provider Demo }; Operation = 'Upscale'; Count = 1; Width = 512; Height = 256; Parents = , 'source' }
        @{ Name = 'variations'; Call = { New-AIImageVariation $source -Count 3 -Variance 0.6 -Provider Demo }; Operation = 'Vary'; Count = 3; Width = 128; Height = 64; Parents = , 'source' }
        @{ Name = 'another look'; Call = { Convert-AIImageStyle $source -StyleImage (Save-Picture look) -Strength 0.9 -Provider Demo }; Operation = 'Style'; Count = 1; Width = 128; Height = 64; Parents = 'source', 'style' }
    ) {
        $result = & $Call

        $result.Operation | Should -Be $Operation
        $result.Images | Should -HaveCount $Count
        foreach ($image in $result.Images) {
            $fact = Get-PictureFact $image.Path
            $fact.Width, $fact.Height | Should -Be $Width, $Height
        }

        $record = Get-Content -Raw $result.RecordPath | ConvertFrom-Json
        $record.parents.role | Should -Be $Parents
        $record.parents[0].path | Should -Be $source
        $record.parents[0].sha256 | Should -Be (Get-FileHash $source).Hash.ToLowerInvariant()
    }

    It 'takes up a result, and the record says which run it came from' {
        $first = New-AIImage 'a harbour' -Provider Demo -Size 128x64
        $last = $first | Edit-AIImage -Prompt 'at night' -Provider Demo | Resize-AIImage -Provider Demo

        $middle = (Get-Content -Raw $last.RecordPath | ConvertFrom-Json).parents[0]
        $middle.run_id | Should -Not -BeNullOrEmpty
        $earlier = Get-AIImageTask -RunId $middle.run_id
        $earlier.Operation | Should -Be 'Img2Img'
        $earlier.Parents[0].RunId | Should -Be $first.RunId
    }

    It 'says before paying what becomes of which picture, and sends nothing' {
        $said = Get-Failure { $null = Edit-AIImage $source 'a city at night' -Provider BFL -WhatIf } 6>&1

        $said | Should -BeNullOrEmpty
        Get-Order | Should -BeNullOrEmpty
    }

    It 'orders nothing without a yes' {
        $failure = Get-Failure { Edit-AIImage $source 'a city at night' -Provider BFL -Confirm }

        $failure.FullyQualifiedErrorId | Should -BeLike 'ConsentRequired,*'
        Get-Order | Should -BeNullOrEmpty
    }
}
